"""What a report says of segment mAP and frame mAP, beside the paper's."""

from fsn_tf.evaluation import detection
from fsn_tf.reports import diagnosis_report
from fsn_tf.reports import published
from fsn_tf.reports import report

# Measured on THUMOS'14; figures on other data do not compare with them.
_PAPER = f"paper ({published.DATASET})"
_PAPER_ROWS = ("FSN RGB", "FSN Flow", "FSN")


def of(result: detection.Result) -> report.Report:
    """The parts of a report; per_class.csv, and a diagnosis if there is one."""
    tables = [_per_class(result), _summary(result)]
    if result.segment_f1 is not None:
        tables.append(_of_list(result.segment_f1))
    body = [
        report.markdown_table(tables[1]),
        "The paper's rows are Tables 1 and 2, measured on THUMOS'14; they "
        "compare with results on that dataset only. A dash is a figure that "
        "does not exist.",
        "## Every class",
        report.markdown_table(tables[0]),
        f"`detections.json` holds the {len(result.detections)} detections "
        f"evaluated at tIoU {result.detections_tiou:g}.",
    ]
    if result.segment_f1 is not None:
        tiou = result.segment_f1["tiou"]
        body += [f"## The list of segments, at tIoU {tiou:g}"]
        body += [report.markdown_table(tables[2])]
    texts = {"per_class.csv": report.csv_text(_per_class_figures(result))}
    if result.diagnosis is not None:
        body += diagnosis_report.markdown(result.diagnosis)
        texts["diagnosis.svg"] = diagnosis_report.svg(result.diagnosis)
    return report.Report(_setting(result), tables, body, texts)


def _setting(result):
    nms = "NMS at tIoU - 0.1" if result.options["nms"] else "no NMS"
    instances = sum(result.instances_per_class.values())
    return (
        f"protocol {result.protocol}, {len(result.videos)} videos, "
        f"{instances} instances, {nms}"
    )


def _summary(result):
    """Our mAP above the paper's, as rows of cells, the head first."""
    tious = _names(result)
    head = ["mAP in %", "frame", *(f"tIoU {tiou}" for tiou in tious), "mean"]
    maps = [result.frame_map, *result.segment_map.values(), result.average_map]
    ours = ["here", *map(report.percent, maps)]
    return [head, ours, *(_paper_row(name, tious) for name in _PAPER_ROWS)]


def _of_list(found):
    """Precision, recall and F1 of segments, as rows of cells."""
    head = [f"segments at tIoU {found['tiou']:g}", "found", "right"]
    rows = [[*head, "precision in %", "recall in %", "F1 in %"]]
    for name, one in {**found["per_class"], "all": found}.items():
        shares = (one[x] for x in ("precision", "recall", "f1"))
        counts = str(one["found"]), str(one["right"])
        rows.append([name, *counts, *map(report.percent, shares)])
    mean = report.percent(found["mean_f1"])
    rows.append(["mean of the classes", *["-"] * 4, mean])
    return rows


def _names(result):
    """The tIoU as text."""
    return [f"{tiou:g}" for tiou in result.segment_map]


def _paper_row(name, tious):
    table = published.TABLES[2]
    figures = dict(zip(table.columns, table.rows[name], strict=True))
    cells = [*published.TABLES[1].rows[name], *map(figures.get, tious)]
    # The paper gives no mean.
    return [f"{_PAPER}, {name}", *map(report.figure, cells), "-"]


def _average_precisions(result):
    """Yields (class, its instances, [frame AP, AP at each tIoU])."""
    frame_ap = result.frame_ap or {}
    for name, count in result.instances_per_class.items():
        of_segments = [one[name] for one in result.segment_ap.values()]
        yield name, count, [frame_ap.get(name), *of_segments]


def _per_class(result):
    """AP of every class, as rows of cells, the head first."""
    tious = (f"tIoU {name}" for name in _names(result))
    rows = [["AP in %", "instances", "frame", *tious]]
    for name, count, found in _average_precisions(result):
        rows.append([name, str(count), *map(report.percent, found)])
    return rows


def _per_class_figures(result):
    """AP of every class as fractions; None where there is none."""
    tious = (f"ap@{name}" for name in _names(result))
    rows = [["class", "instances", "frame_ap", *tious]]
    for name, count, found in _average_precisions(result):
        rows.append([name, count, *found])
    return rows
