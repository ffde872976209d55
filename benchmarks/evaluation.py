r"""Speed of evaluation at the size of the THUMOS'14 test set, in one run.

    python -m benchmarks.evaluation [--rounds=5]

Made-up scores of 213 videos, 1.3 million frames and 20 classes go through
grouping at 11 thresholds, NMS, segment mAP at 5 tIoU and frame mAP. Peers get
the same arrays: frame mAP is timed beside scikit-learn's
average_precision_score, one call a class, and beside a stable argsort, whose
AP it must equal. Segment mAP at 5 tIoU is timed beside two loops over
detections that we wrote after ActivityNet's evaluation: one looks the
instances of each video up in pandas tables, as ActivityNet's own code does;
the other in dictionaries, which is the same loop made fast. All run on one
core, in turns; printed are medians, the range and ratios of medians. Peers
that are not installed are left out, with a line that says so. scikit-learn
takes equal scores as one, so where scores tie its AP is another by definition.
"""

import os

# One core, whatever the machine has; NumPy reads these as it is imported.
for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[_name] = "1"

import argparse  # noqa: E402
import resource  # noqa: E402
import statistics  # noqa: E402
import time  # noqa: E402

import numpy as np  # noqa: E402

from benchmarks import evaluation_peers  # noqa: E402
from benchmarks import made_up_scores  # noqa: E402
from fsn_tf.evaluation import metrics  # noqa: E402
from fsn_tf.evaluation import protocols  # noqa: E402
from fsn_tf.evaluation import scored_videos  # noqa: E402
from fsn_tf.grouping import suppression  # noqa: E402
from fsn_tf.grouping import thresholds  # noqa: E402

TIOUS = (0.3, 0.4, 0.5, 0.6, 0.7)


def evaluate(annotations, frame_scores, seconds):
    """One whole evaluation; notes the time of each stage in `seconds`."""
    clock = _Clock(seconds)
    found = thresholds.detections(
        ((name, one.actions, one.fps) for name, one in frame_scores.items()),
        annotations.classes,
    )
    clock.stop("grouping")
    kept = suppression.survivors(
        found, [round(tiou - 0.1, 9) for tiou in TIOUS]
    )
    clock.stop("NMS")
    metrics.segment_maps(annotations, found, TIOUS, kept=kept)
    clock.stop("segment mAP")
    (frames,) = scored_videos.blocks(
        frame_scores.items(), annotations, most_values=2**62
    )
    clock.stop("frame labels")
    metrics.frame_map(*frames)
    clock.stop("frame mAP")
    return frames, found.take(kept[TIOUS.index(0.5)])


class _Clock:
    """Splits the time that passes among stages."""

    def __init__(self, seconds):
        self.seconds = seconds
        self.last = time.perf_counter()

    def stop(self, stage):
        now = time.perf_counter()
        self.seconds.setdefault(stage, []).append(now - self.last)
        self.last = now


# How many times as fast as a peer it must be; None where no claim is made.
_SKLEARN = "frame mAP, times as fast as scikit-learn"
_ARGSORT = "frame mAP, times as fast as a stable argsort"
_PANDAS = "segment mAP, times as fast as the loop, pandas"
_DICTIONARIES = "segment mAP, times as fast as the loop, dictionaries"
_LEAST = {_SKLEARN: 10, _ARGSORT: None, _PANDAS: 100, _DICTIONARIES: None}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    annotations, frame_scores = made_up_scores.made_up_test_set()
    num_frames = sum(len(one.scores) for one in frame_scores.values())
    print("```text")
    print(
        f"{len(frame_scores)} videos, {num_frames} frames, "
        f"{len(annotations.classes)} classes, {len(annotations.instances)} "
        f"instances; {rounds} rounds, "
        "one core"
    )
    seconds = {}
    for _ in range(rounds):
        frames, detections = evaluate(annotations, frame_scores, seconds)
    total = [sum(stages) for stages in zip(*seconds.values(), strict=True)]
    for stage, times in (*seconds.items(), ("all of it", total)):
        print(_line(stage, times))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    ratios = _compare_frame_map(frames, rounds)
    ratios |= _compare_segment_map(annotations, detections, rounds)
    print("what is claimed, beside the medians of this run")
    whole = statistics.median(total)
    _claim("grouping, NMS, segment mAP and frame mAP, s", whole, "<=", 1.5)
    _claim("peak memory, input included, GB", peak, "<=", 1.5)
    for name, ratio in ratios.items():
        _claim(name, ratio, ">=", _LEAST[name])
    print("```")


def _claim(what, value, sign, limit):
    verdict = "no claim"
    if limit is not None:
        met = value <= limit if sign == "<=" else value >= limit
        verdict = f"{sign} {limit}: {'met' if met else 'NOT MET'}"
    print(f"  {what}: {value:.2f} ({verdict})")


def _compare_frame_map(frames, rounds):
    def ours():
        return metrics.frame_map(*frames)[1]

    peers = {
        _SKLEARN: lambda: evaluation_peers.scikit_learn_frame_map(frames),
        _ARGSORT: lambda: evaluation_peers.stable_frame_map(frames),
    }
    print("frame mAP; scikit-learn takes equal scores as one")
    return _compare(ours, peers, rounds)


def _compare_segment_map(annotations, detections, rounds):
    def ours():
        found = metrics.segment_maps(
            annotations, detections, TIOUS, protocol=protocols.ACTIVITYNET
        )
        return np.array([per_class for _, per_class in found])

    def loop(overlaps):
        return lambda: evaluation_peers.segment_map_by_loop(
            annotations, detections, TIOUS, overlaps
        )

    peers = {
        _PANDAS: loop(evaluation_peers.in_pandas),
        _DICTIONARIES: loop(evaluation_peers.in_dictionaries),
    }
    print(
        f"segment mAP (activitynet) at {len(TIOUS)} tIoU of "
        f"{len(detections)} detections"
    )
    return _compare(ours, peers, rounds)


def _compare(ours, peers, rounds):
    """Runs all in turn; prints times, ratios and how far results differ.

    Returns:
        {peer: how many times as long it takes}.
    """
    times, results, missing = {"fsn_tf": []}, {}, set()
    for _ in range(rounds):
        for name, call in {"fsn_tf": ours, **peers}.items():
            if name in missing:
                continue
            start = time.perf_counter()
            try:
                results[name] = np.asarray(call())
            except ImportError as error:
                missing.add(name)
                print(f"  {name.split(' as ')[-1]}: left out ({error})")
                continue
            times.setdefault(name, []).append(time.perf_counter() - start)
    own, ratios = statistics.median(times["fsn_tf"]), {}
    for name, measured in times.items():
        apart = np.abs(results[name] - results["fsn_tf"]).max()
        ratios[name] = statistics.median(measured) / own
        line = _line(name.split(" as ")[-1], measured)
        ratio = f"{ratios[name]:7.1f} x"
        print(f"{line}  {ratio}  largest difference of AP {apart:.1e}")
    del ratios["fsn_tf"]
    return ratios


def _line(name, times):
    return (
        f"  {name:<23} {statistics.median(times):8.3f} s"
        f"  ({min(times):.3f} to {max(times):.3f})"
    )


if __name__ == "__main__":
    main()
