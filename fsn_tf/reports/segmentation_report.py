"""What a report says of frame-wise segmentation."""

from fsn_tf.evaluation import segmentation
from fsn_tf.evaluation import segmentation_metrics
from fsn_tf.reports import report


def of(result: segmentation.Result) -> report.Report:
    """The parts of a report, and the metrics of every video as CSV."""
    table = summary(result)
    return report.Report(
        setting=_setting(result),
        tables=[table],
        body=[
            report.markdown_table(table),
            "ED-TCN's authors (Lea et al.) publish means over videos; MS-TCN's "
            "code and its heirs count frames and segments all together.",
        ],
        texts={"per_video.csv": report.csv_text(_per_video(result))},
    )


def _setting(result):
    background = result.options["background"]
    return (
        f"protocol {result.protocol}, {len(result.videos)} videos, "
        f"{result.frames} frames, "
        + (
            "no background"
            if background is None
            else f"background {background}"
        )
    )


def summary(result: segmentation.Result) -> list[list[str]]:
    """The metrics as rows of cells, the head first."""
    mean = result.mean
    cells = [mean.accuracy, mean.edit, *mean.f1.values()]
    micro = [result.micro_accuracy, None, *result.micro_f1.values()]
    names = (f"F1@{100 * tiou:g}" for tiou in segmentation_metrics.F1_TIOUS)
    return [
        ["in %", "accuracy", "edit", *names],
        ["mean over videos", *map(report.percent, cells)],
        ["all together", *map(report.percent, micro)],
    ]


def _per_video(result):
    names = (f"f1@{100 * tiou:g}" for tiou in segmentation_metrics.F1_TIOUS)
    rows = [["video", "frames", "accuracy", "edit", *names]]
    for video, one in result.per_video.items():
        metrics = [one.accuracy, one.edit, *one.f1.values()]
        rows.append([video, result.frames_per_video[video], *metrics])
    return rows
