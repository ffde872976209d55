"""What a report says of protocols with measures of their own."""

from fsn_tf.evaluation import measures
from fsn_tf.reports import report


def of(result: measures.Result) -> report.Report:
    """The parts of a report; tables of classes and videos as CSV."""
    table = summary(result)
    body = [report.markdown_table(table)]
    texts = {}
    for name, rows in (
        ("class", result.per_class),
        ("video", result.per_video),
    ):
        if rows:
            texts[f"per_{name}.csv"] = report.csv_text(_figures(name, rows))
    if result.per_class:
        shown = _percent(_figures("class", result.per_class))
        body += ["## Every class", report.markdown_table(shown)]
    setting = f"protocol {result.protocol}, {len(result.videos)} videos"
    return report.Report(setting, [table], body, texts)


def summary(result: measures.Result) -> list[list[str]]:
    """The measures as rows of cells, the head first."""
    spread = result.deviations
    rows = [["in %", "here", *["s.d. over videos"] * bool(spread)]]
    for name, value in result.measures.items():
        cells = [value, *([spread[name]] if spread else [])]
        rows.append([name, *map(report.percent, cells)])
    return rows


def _figures(name, rows):
    """Rows of figures, the head first."""
    names = list(next(iter(rows.values())))
    return [[name, *names]] + [[x, *y.values()] for x, y in rows.items()]


def _percent(rows):
    head, *others = rows
    return [head] + [[x[0], *map(report.percent, x[1:])] for x in others]
