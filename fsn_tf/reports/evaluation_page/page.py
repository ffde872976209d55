"""Writes the page of an evaluation."""

import base64
from collections.abc import Mapping
import csv
import io
import pathlib
import string

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import results
from fsn_tf.reports import report
from fsn_tf.reports.evaluation_page import detection_sections
from fsn_tf.reports.evaluation_page import localized
from fsn_tf.reports.evaluation_page import markup
from fsn_tf.reports.evaluation_page import meaning_sections

NAME = localized.NAME
_MOST_ROWS = 500


def check(folder: pathlib.Path | str) -> None:
    """Raises InputError where the page of something else lies."""
    path = pathlib.Path(folder, NAME)
    if localized.is_localized(path):
        raise errors.InputError(
            f"{path}: is the page of fsn localize; choose another --out"
        )


def remove(folder: pathlib.Path | str) -> None:
    """Deletes the page of an earlier evaluation, if there is one."""
    path = pathlib.Path(folder, NAME)
    if not localized.is_localized(path):
        path.unlink(missing_ok=True)


def write(
    folder: pathlib.Path | str, result: results.Result, shown: report.Report
) -> None:
    """Writes report.html; it holds all that it needs.

    Args:
        folder: Of the results.
        result: Of any kind.
        shown: What there is to show of it.

    Raises:
        InputError: The page of something else lies there.
    """
    check(folder)
    folder = pathlib.Path(folder)
    links = localized.links(result, folder, result.videos)
    tiles, sections = {"videos": f"{len(result.videos):,}"}, []
    if isinstance(result, detection.Result):
        tiles = detection_sections.tiles(result)
        sections = detection_sections.of(result, shown.tables, links)
    else:
        sections = [_tables(shown), *_listed(shown, links)]
    if result.meaning is not None:
        sections += meaning_sections.of(result.meaning.as_json(), links)
    sections += [*_pictures(shown.texts), *_appendix(result)]
    here = pathlib.Path(__file__).parent
    template = (here / "page.html").read_text(encoding="utf-8")
    # In one go: what is put in is not looked through for marks.
    page = string.Template(template).substitute(
        style=(here / "page.css").read_text(encoding="utf-8"),
        title=markup.text(f"Evaluation, {result.protocol}"),
        setting=markup.text(f"{shown.setting[:1].upper()}{shown.setting[1:]}."),
        origins="".join(map(markup.paragraph, report.origins(result))),
        tiles=markup.tiles(tiles),
        sections="\n".join(filter(None, sections)),
    )
    files.write_text(folder / NAME, page)


def _tables(shown):
    tables = [
        markup.table(rows, "Figures", bars=range(1, len(rows[0])))
        for rows in shown.tables
    ]
    return markup.section("Figures", *tables, name="figures")


def _listed(shown: report.Report, links: Mapping[str, str]):
    """Sections of what stands in the tables beside the page."""
    for what, title in (("class", "Classes"), ("video", "Videos")):
        content = shown.texts.get(f"per_{what}.csv")
        if content is None:
            continue
        head, *rows = csv.reader(io.StringIO(content))
        words = "In %."
        if what == "video":
            # The first that is a share; the last column always is one.
            place = next(
                (x for x, name in enumerate(head) if name not in _COUNTS),
                len(head) - 1,
            )
            rows.sort(key=lambda row: float(row[place] or "inf"))
            words = f"In %, the lowest {head[place]} first."
        if len(rows) > _MOST_ROWS:
            words += f" These are {_MOST_ROWS} of {len(rows)}."
        cells = [_percents(head, row) for row in rows[:_MOST_ROWS]]
        yield markup.section(
            title,
            markup.paragraph(words),
            markup.table(
                [head, *cells], title, bars=range(1, len(head)), links=links
            ),
            name=f"per-{what}",
        )


# Columns that hold no share.
_COUNTS = frozenset("class video videos frames instances found".split())


def _percents(head, row):
    for name, cell in zip(head, row, strict=True):
        if name in _COUNTS:
            yield cell
        else:
            yield report.percent(float(cell) if cell else None)


def _pictures(texts):
    """The pictures beside the page, but the diagnosis, which it has."""
    for name, content in texts.items():
        if name.endswith(".svg") and name != "diagnosis.svg":
            title = pathlib.Path(name).stem.replace("_", " ").capitalize()
            data = base64.b64encode(content.encode()).decode("ascii")
            yield markup.section(
                title,
                f'<img alt="{markup.text(title)}" '
                f'src="data:image/svg+xml;base64,{data}">',
                name=pathlib.Path(name).stem,
            )


def _appendix(result):
    rows = [["option", "value"]]
    rows += [[str(x), str(y)] for x, y in result.options.items()]
    yield markup.section(
        "How it was made", markup.table(rows, "Options"), name="options"
    )
    if result.origin.sha256:
        rows = [["input", "SHA-256"], *map(list, result.origin.sha256.items())]
        yield markup.section(
            "Inputs", markup.table(rows, "Inputs"), name="inputs"
        )
    if result.notes:
        yield markup.section("Notes", markup.listed(result.notes), name="notes")
