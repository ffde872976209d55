r"""Compares frame scores, or detections, with ground truth.

    fsn evaluate --scores=SCORES/rgb,SCORES/flow --fusion_weights=1,1 \
        --annotations=annotation_test --out=RESULTS

    fsn evaluate --detections=FILE --nms=false --annotations=annotation_test \
        --out=RESULTS

    fsn evaluate --scores=VALIDATION --annotations=validation.csv \
        --tune_thresholds=f1 --out=TUNED
    fsn evaluate --scores=TEST --annotations=test.csv --summary \
        --thresholds=TUNED/thresholds.json --out=RESULTS

    fsn evaluate --protocol=segmentation --predicted_labels=PREDICTED \
        --annotations=LABELS --background=0 --out=RESULTS

    fsn evaluate --protocol=classification --scores=SCORES/rgb \
        --annotations=testlist01.txt --out=RESULTS

    fsn evaluate --protocol=thumos14,opentad,spotting --detections=FILE \
        --annotations=annotation_test --out=RESULTS

With --fail_below=0.5:0.3,frame:0.4 the exit status is 1, and one line says
which figure is below its limit; 0 if none is. A figure that there is not is
wrong usage, 2.

Writes results.json and report.md, with --page report.html; also
detections.json, per_class.csv, matches.npz (for fsn compare), diagnosis.json
and diagnosis.svg, or for segmentation per_video.csv, or for classification
per_class.csv and confusion.csv. Of several protocols each has a folder of its
own in there, and protocols.json and protocols.md put them side by side.
"""

import pathlib

from fsn_tf import errors
from fsn_tf import files
from fsn_tf.commands import evaluated_lists
from fsn_tf.commands import evaluation_flags as given
from fsn_tf.commands import evaluation_settings
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import settings

FLAGS = given.FLAGS


def main() -> None:
    """Evaluates by the chosen protocols, and writes the results."""
    names = _protocols()
    evaluation_settings.refuse_unused(names)
    chosen = {name: evaluation_settings.of(name) for name in names}
    # Loaded only now, so that --help answers at once.
    from fsn_tf.evaluation import from_files
    from fsn_tf.reports import protocol_table
    from fsn_tf.reports import required_figures

    least = _least()
    files.check_writable(given.OUT.value)
    inputs, out = from_files.Inputs(**_inputs()), given.OUT.value
    tunes, rules = given.TUNE_THRESHOLDS.value is not None, chosen[names[0]]
    if tunes and isinstance(rules, settings.Detection):
        chosen[names[0]] = evaluated_lists.tuned(inputs, rules)
    asked = evaluation_settings.meaning()
    found = {}
    for name, one in chosen.items():
        found[name] = from_files.evaluate(inputs, one, asked)
        folder = pathlib.Path(out, name if len(chosen) > 1 else "")
        written = evaluated_lists.written(inputs, folder, found[name])
        _show(found[name], folder, written)
        if len(chosen) > 1:
            print()
    if len(chosen) > 1:
        protocol_table.write(out, found)
        print(protocol_table.text(found))
    if below := required_figures.shortfalls(found, least):
        raise errors.InputError("; ".join(below))


def _protocols():
    """The names of --protocol, each once and known."""
    names = list(dict.fromkeys(given.PROTOCOL.value))
    unknown = [name for name in names if name not in protocols.NAMES]
    if unknown or not names:
        raise errors.UsageError(
            f"--protocol={','.join(names)}: expected some of "
            f"{', '.join(protocols.NAMES)}, with commas between them"
        )
    return names


def _inputs():
    """What from_files.Inputs is made of."""
    scores = given.SCORES.value or ()
    return dict(
        annotations=given.ANNOTATIONS.value,
        scores=scores,
        fusion_weights=evaluation_settings.weights() if scores else None,
        fusion=given.FUSION.value,
        detections=given.DETECTIONS.value,
        class_list=given.CLASS_LIST.value,
        predicted_labels=given.PREDICTED_LABELS.value,
        subset=given.SUBSET.value,
        test_videos=int(given.TEST_VIDEOS.value),
        mapping=given.MAPPING.value,
        videos=given.VIDEOS.value,
    )


def _least():
    """{name: the least it may be} of --fail_below."""
    least = {}
    for text in given.FAIL_BELOW.value:
        name, _, limit = text.rpartition(":")
        if not name:
            raise errors.UsageError(
                f"--fail_below={text}: expected NAME:LIMIT, such as 0.5:0.3"
            )
        (least[name],) = evaluation_settings.numbers("fail_below", [limit], 1)
    return least


def _show(result, folder, written):
    """Prints tables of the results, and which files were written."""
    from fsn_tf.reports import report
    from fsn_tf.reports import result_files

    shown = result_files.shown(result)
    for note in result.notes:
        print(f"note: {note}")
    print("\n".join([shown.setting, *report.origins(result)]))
    print("\n\n".join(map(report.text_table, shown.tables)))
    print(f"{folder}: {' '.join(written)}")
