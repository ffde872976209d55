"""What benchmarks print: Markdown tables of medians, ranges and ratios."""

from collections.abc import Iterable
from collections.abc import Mapping
from collections.abc import Sequence
import statistics

from benchmarks.contenders import Runs


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in lines) + "\n"


def number(value: float) -> str:
    """Three digits that mean something."""
    if abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if abs(value) < 100 else f"{value:.0f}"


def spread(values: Sequence[float]) -> str:
    """The median, and from where to where."""
    median = number(statistics.median(values))
    if len(values) == 1:
        return median
    return f"{median} ({number(min(values))} to {number(max(values))})"


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> str:
    """How many times as long theirs takes: of medians, and of each round."""
    of_rounds = [b / a for a, b in zip(ours, theirs, strict=True)]
    median = statistics.median(theirs) / statistics.median(ours)
    if len(of_rounds) == 1:
        return f"{median:.2f}"
    return f"{median:.2f} ({min(of_rounds):.2f} to {max(of_rounds):.2f})"


def times(
    taken: Mapping[str, Runs],
    ours: Sequence[str],
    *,
    work: float = 0,
    unit: str = "",
    memory: bool = False,
    first: bool = False,
) -> str:
    """A row for each contender, with a column of ratios for each of ours.

    Args:
        taken: {name: Runs}.
        ours: Names; a column says how many times as fast each is.
        work: What a turn does, in units; 0 leaves the speed out.
        unit: Its plural, such as "clips".
        memory: Whether to show the peak.
        first: Whether to show the seconds of the first call.
    """
    ours = [name for name in ours if name in taken]
    columns = ["", "seconds"] + [f"{unit}/s"] * bool(work)
    columns += [f"{name} is times as fast" for name in ours]
    columns += ["first call, s"] * first + ["peak memory, MB"] * memory
    rows = []
    for name, runs in taken.items():
        row = [name, spread(runs.seconds)]
        if work:
            row.append(number(work / statistics.median(runs.seconds)))
        row += [ratio(taken[one].seconds, runs.seconds) for one in ours]
        if first:
            row.append(number(runs.facts["first_seconds"]))
        if memory:
            row.append(number(runs.peak_bytes / 1e6))
        rows.append(row)
    return table(columns, rows)


def show(title: str, *parts: str, notes: Iterable[str] = ()) -> None:
    """Prints a part of a benchmark's section."""
    print(f"### {title}\n")
    for part in parts:
        print(part)
    for note in notes:
        print(f"- {note}")
    if notes:
        print()
