"""What a page says of segment mAP and frame mAP."""

from collections.abc import Mapping
from collections.abc import Sequence

import numpy as np

from fsn_tf.evaluation import curves
from fsn_tf.evaluation import detection
from fsn_tf.evaluation import surest_detections
from fsn_tf.reports import diagnosis_report
from fsn_tf.reports import report
from fsn_tf.reports.evaluation_page import charts
from fsn_tf.reports.evaluation_page import markup

_RECALLS = np.linspace(0, 1, 101)
_AXES = "recall in %", "precision in %"
_MOST_CURVES, _MOST_VIDEOS = 24, 20


def tiles(result: detection.Result) -> dict[str, str]:
    """The figures that are read first."""
    tiou = result.detections_tiou
    found = {
        f"mAP at tIoU {tiou:g}": report.percent(result.segment_map[tiou]),
        "mean over tIoU": report.percent(result.average_map),
    }
    if result.frame_map is not None:
        found["frame mAP"] = report.percent(result.frame_map)
    return found | {
        "videos": f"{len(result.videos):,}",
        "instances": f"{sum(result.instances_per_class.values()):,}",
        "detections": f"{len(result.detections):,}",
    }


def of(
    result: detection.Result,
    tables: Sequence[report.Rows],
    links: Mapping[str, str],
) -> list[str]:
    """The sections, in their order.

    Args:
        result: detection.Result.
        tables: What a terminal shows: every class, and the summary.
        links: {video: where it can be looked at}.
    """
    sections = [_summary(tables[1:]), _curves(result), _classes(result, tables)]
    if result.diagnosis is not None:
        sections.append(_diagnosis(result.diagnosis))
    sections.append(_worst(result, links))
    return sections


def _summary(tables):
    parts = []
    for rows in tables:
        every = range(1, len(rows[0]))
        parts.append(markup.table(rows, "Figures", bars=every))
    return markup.section(
        "Figures",
        *parts,
        markup.paragraph(
            "The paper's rows were measured on THUMOS'14, and compare with "
            "results on that data set only. A dash is a figure that does not "
            "exist."
        ),
        name="figures",
    )


def _shown(result):
    """The ranking that detections.json is of."""
    return result.rankings[
        list(result.segment_map).index(result.detections_tiou)
    ]


def _curves(result):
    totals = result.instance_counts.sum(axis=1)
    if not totals.any():
        return ""
    means = {
        f"tIoU {tiou:g}": (
            _RECALLS,
            curves.mean_precision(ranked, totals, _RECALLS),
        )
        for tiou, ranked in zip(
            result.segment_map, result.rankings, strict=True
        )
    }
    chart = charts.lines(
        means,
        width=520,
        height=320,
        title="Precision against recall at every tIoU, mean over the classes",
        axes=_AXES,
    )
    return markup.section(
        "Precision and recall",
        markup.paragraph(
            "Best precision at a recall or above, mean over the classes with "
            "instances. What is above a curve is lost to wrong detections, "
            "what is to its right to instances that nothing found."
        ),
        f'<div class="chart">{chart}{charts.legend(list(means))}</div>',
        *_curves_of_classes(result, totals),
        name="curves",
    )


def _curves_of_classes(result, totals):
    """A small chart for each class, as it is ranked."""
    ranked, tiou = _shown(result), result.detections_tiou
    names, figures = list(result.instances_per_class), []
    most = np.argsort(-totals, kind="stable")[:_MOST_CURVES]
    for label in sorted(most[totals[most] > 0]):
        name = names[label]
        recall, precision = curves.precision_recall(
            ranked, label, totals[label]
        )
        points = curves.drawn(recall, precision, charts.POINTS)
        value = report.percent(result.segment_ap[tiou][name])
        figures.append(
            charts.named(
                name,
                value,
                charts.lines(
                    {name: points},
                    width=190,
                    height=150,
                    title=f"{name}: AP {value} %, {totals[label]} instances",
                    axes=("recall", "precision"),
                ),
            )
        )
    words = f"Each class at tIoU {tiou:g}, at each of its hits, and its AP in %"
    if np.count_nonzero(totals) > len(figures):
        words += f"; the {len(figures)} classes with the most instances"
    yield markup.paragraph(f"{words}.")
    yield markup.grid(figures)


def _classes(result, tables):
    head, *rows = tables[0]
    ap = result.segment_ap[result.detections_tiou]
    ranks = {name: (value is None, -(value or 0)) for name, value in ap.items()}
    rows = sorted(rows, key=lambda row: ranks[row[0]])
    return markup.section(
        "Classes",
        markup.paragraph(
            f"AP in %, the best at tIoU {result.detections_tiou:g} first."
        ),
        markup.table(
            [head, *rows], "AP of every class", bars=range(2, len(head))
        ),
        name="classes",
    )


def _diagnosis(found):
    shares = {
        f"{times} x": diagnosis_report.shares(counts)
        for times, counts in found["by_rank"].items()
    }
    parts = (
        (
            "By length: up to 1 s (XS), 3 s (S), 6 s (M), 12 s (L), and longer "
            "(XL). Found: by a detection of any score.",
            diagnosis_report.groups("length", found["by_length_seconds"]),
        ),
        (
            "By instances of the class in the same video.",
            diagnosis_report.groups("number", found["by_instances_per_video"]),
        ),
        (
            "What mAP would gain without each kind of mistake.",
            diagnosis_report.kinds(found),
        ),
    )
    return markup.section(
        f"Where mAP is lost, at tIoU {found['tiou']:g}",
        markup.columns(
            markup.paragraph(words) + markup.table(rows, words, bars=(2, 3))
            for words, rows in parts
        ),
        charts.stacks(
            shares,
            title="The surest detections, as many of each class as its "
            "instances, twice as many, and so on",
        ),
        name="diagnosis",
    )


def _worst(result, links):
    found = surest_detections.counts(_shown(result), result.instance_counts)
    rows = [["video", "instances", "right", "wrong", "missed"]]
    errors = found["wrong"] + found["missed"]
    for index in surest_detections.order(found)[:_MOST_VIDEOS]:
        if errors[index]:
            cells = [found[name][index] for name in rows[0][1:]]
            rows.append([result.videos[index], *map(str, cells)])
    if len(rows) == 1:
        return ""
    return markup.section(
        "Worst videos",
        markup.paragraph(
            f"At tIoU {result.detections_tiou:g}, of as many of the surest "
            "detections of each class as it has instances: the videos with "
            "most that is wrong or missed."
            + (" Names lead to the page that plays them." if links else "")
        ),
        markup.table(rows, "Worst videos", links=links),
        name="videos",
    )
