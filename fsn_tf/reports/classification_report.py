"""What a report says of the classification of whole videos."""

import pathlib

from fsn_tf.evaluation import classification
from fsn_tf.reports import report

# The authors' page, yjxiong.me/others/tsn: BN-Inception, three segments.
_PUBLISHED = {"RGB": 85.5, "flow": 87.6, "RGB and flow, 1:1.5": 93.5}


def of(result: classification.Result) -> report.Report:
    """The parts of a report; per_class.csv and confusion.csv."""
    table = _summary(result)
    return report.Report(
        setting=_setting(result),
        tables=[table],
        body=[
            report.markdown_table(table),
            "TSN's rows are its authors' (Wang et al. 2016, BN-Inception; "
            "figures from yjxiong.me/others/tsn), of split 1 of UCF101; they "
            "compare with results on that split only. A dash is a figure that "
            "does not exist.",
            "## Every class",
            report.markdown_table(_per_class(result)),
            "`confusion.csv` counts the videos of each class (row) by what "
            "was found (column).",
        ],
        texts={
            "per_class.csv": report.csv_text(
                [["class", "videos", "accuracy"], *_accuracies(result)]
            ),
            "confusion.csv": report.csv_text(_confusion(result)),
        },
    )


def _setting(result):
    # Of UCF101's three lists, say which one it was.
    source = pathlib.Path(str(result.options.get("annotations", "arrays"))).name
    return (
        f"protocol {result.protocol}, {len(result.videos)} videos of {source}, "
        f"{len(result.classes)} classes"
    )


def _summary(result):
    """Our accuracy above the published one, as rows of cells."""
    found = result.accuracy
    ours = [found.top1, found.topk, found.mean_per_class]
    return [
        ["in %", "top-1", "top-5", "mean of classes"],
        ["here", *map(report.percent, ours)],
        *(
            [f"TSN (UCF101 split 1), {name}", report.figure(value), "-", "-"]
            for name, value in _PUBLISHED.items()
        ),
    ]


def _accuracies(result):
    """[class, its videos, the share of them that are right or None]."""
    shares = result.accuracy_per_class
    return [
        [name, videos, shares[name]]
        for name, videos in result.videos_per_class.items()
    ]


def _per_class(result):
    """Accuracy of every class, as rows of cells, the head first."""
    return [
        ["accuracy in %", "videos", "top-1"],
        *(
            [name, str(videos), report.percent(share)]
            for name, videos, share in _accuracies(result)
        ),
    ]


def _confusion(result):
    counts = result.accuracy.confusion.tolist()
    return [
        ["class", *result.classes],
        *(
            [name, *row]
            for name, row in zip(result.classes, counts, strict=True)
        ),
    ]
