"""Features of every snippet: a network's, kept, or somebody's, imported."""

import functools
import pathlib
import sys
from typing import Any

import numpy as np

from fsn_tf import archives
from fsn_tf import claims
from fsn_tf import files
from fsn_tf import fingerprints
from fsn_tf import partials
from fsn_tf import progress
from fsn_tf.errors import Failures
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError
from fsn_tf.experiment import Experiment
from fsn_tf.networks import fsn
from fsn_tf.prediction import array_layouts
from fsn_tf.prediction import frame_prediction
from fsn_tf.prediction import prepared_videos
from fsn_tf.segments import names
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import prepared_folders
from fsn_tf.snippets import streams
from fsn_tf.training import checkpoints

_ENDINGS = (".npy", ".npz")


def from_network(
    workdir: pathlib.Path | str,
    prepared: pathlib.Path | str,
    out: pathlib.Path | str,
    *,
    which: str = "last",
) -> int:
    """Writes OUT/features: what the 2D CNN of a workdir sees in snippets.

    Videos that are done already are kept as they are.

    Args:
        workdir: Folder that training made.
        prepared: Folder of the snippet files.
        out: Folder of the features; may be the same.
        which: "last" or "best" checkpoint.

    Returns:
        Number of videos that failed; each costs one line on stderr.

    Raises:
        InputError: Workdir and snippets do not fit, or OUT holds features of
            another network.
    """
    network, experiment, facts = checkpoints.load_network(workdir, which=which)
    if experiment.stream == streams.FEATURES:
        raise InputError(f"{workdir}: was trained on features; it has no CNN")
    origin = prepared_videos.origin(workdir, which, experiment, facts)
    return _write(network, experiment, facts, origin, prepared, out)


def from_weights(
    experiment: Experiment,
    prepared: pathlib.Path | str,
    out: pathlib.Path | str,
) -> int:
    """Writes OUT/features: what a 2D CNN sees as its weights file left it.

    Videos that are done already are kept as they are.

    Args:
        experiment: Experiment; its backbone, stream, image_size and init_from
            say what sees what. Flow is seen by the cross-modality rule where
            the weights are of RGB.
        prepared: Folder of the snippet files.
        out: Folder of the features.

    Returns:
        Number of videos that failed; each costs one line on stderr.

    Raises:
        InputError: Weights, 2D CNN and snippets do not fit, or OUT holds
            features of others.
    """
    weights = experiment.init_from
    # The head is not used; how many classes it has does not matter.
    network = fsn.build(experiment, 1, weights=weights)
    videos = prepared_folders.index(prepared, experiment.stream)
    facts = next(iter(videos.values())).setting()
    origin = {
        "backbone": experiment.backbone,
        "weights_sha256": fingerprints.of_path(weights),
        "stream": experiment.stream,
        "image_size": experiment.image_size,
        "flow": facts.get("flow", ""),
    }
    return _write(network, experiment, facts, origin, prepared, out)


def _write(network, experiment, facts, origin, prepared, out):
    """Writes the features of every video that has none of this origin."""
    videos, failures = prepared_videos.chosen_videos(
        prepared, experiment, facts, None
    )
    folder = pathlib.Path(out) / streams.FEATURES
    files.check_writable(folder)
    partials.remove_abandoned(folder)
    looked_at = progress.followed(videos, len(videos), "videos looked at")
    waiting = [v for v in looked_at if not _is_done(folder, v.video, origin)]
    predictor = frame_prediction.KerasPredictor(
        network, experiment, facts["frame_size"]
    )

    def write(video):
        rows = list(video.features(predictor.features))
        feature_files.write(
            out,
            video.video,
            np.concatenate(rows),
            fps=video.fps,
            snippet_frames=video.snippet_frames,
            num_frames=video.num_frames,
            features_from=origin,
        )

    failed = prepared_videos.write_each(waiting, failures, write)
    _report(folder, videos + failures, waiting, failed)
    return failed


def from_arrays(
    source: pathlib.Path | str,
    out: pathlib.Path | str,
    *,
    fps: float,
    snippet_frames: int,
    layout: str = "ND",
    phase: int | None = None,
) -> int:
    """Writes OUT/features: arrays that somebody else made.

    Args:
        source: A folder of VIDEO.npy or VIDEO.npz, each of one array (N, D);
            or one .npz of joined videos, with `features` or `scores` (F, D),
            `length` (V,), and maybe `video` (V,).
        out: Folder of the features.
        fps: Frames per second of the videos.
        snippet_frames: Frames that each row stands for.
        layout: "DT" where each array of a folder is (D, N), as MS-TCN's.
        phase: Frame in a snippet, from 0, that its row speaks of; None is the
            middle, which everything here takes it to be. It is kept.

    Returns:
        Number of videos that failed; each costs one line on stderr.

    Raises:
        InputError: There are no features, videos differ in how many numbers
            a snippet has, or OUT holds others.
    """
    source = pathlib.Path(source)
    if source.is_file() and layout != "ND":
        raise UsageError(
            f"{source}: expected a folder of arrays of layout {layout}"
        )
    found = _joined(source) if source.is_file() else _of_folder(source)
    origin = _origin(source, layout, phase, snippet_frames)
    folder = pathlib.Path(out) / streams.FEATURES
    for video in progress.followed(found, len(found), "videos looked at"):
        _is_done(folder, video, origin)
    if source.is_dir():
        array_layouts.check(source, found, layout)
    failures = Failures(functools.partial(print, file=sys.stderr))
    first = ""
    for video, load in progress.followed(
        found.items(), len(found), "videos written"
    ):
        with failures.caught():
            features = load()
            if layout == "DT":
                features = features.T
            feature_files.write(
                out,
                video,
                features,
                fps=fps,
                snippet_frames=snippet_frames,
                num_frames=len(features) * snippet_frames,
                features_from=origin,
            )
            seconds = len(features) * snippet_frames / fps
            first = first or (
                f"{video}: {features.shape[0]} snippets x {features.shape[1]} "
                f"numbers, {seconds:.2f} s"
            )
    if first:
        print(first)
    _report(folder, found, found, len(failures))
    return len(failures)


def _origin(source, layout, phase, snippet_frames):
    """What is kept of arrays, so that no others are taken for them."""
    origin: dict[str, Any] = {"file": source.name}
    if layout != "ND":
        origin["layout"] = layout
    if phase is not None and phase != snippet_frames // 2:
        if not 0 <= phase < snippet_frames:
            raise UsageError(
                f"--features_phase={phase}: expected a frame of a snippet, 0 "
                f"to {snippet_frames - 1}"
            )
        origin["phase"] = phase
        late = snippet_frames // 2 - phase
        print(
            f"note: {source}: rows speak of frame {phase} of {snippet_frames}; "
            f"what is found will be {abs(late)} frames "
            f"{'late' if late > 0 else 'early'}",
            file=sys.stderr,
        )
    return origin


def _report(folder, videos, waiting, failed):
    kept = len(videos) - len(waiting)
    written = len(videos) - kept - failed
    print(f"{folder}: {written} written, {kept} kept, {failed} failed")


def _is_done(folder, video, origin):
    try:
        known = feature_files.read_metadata(folder / f"{video}.npy")
    except InputError:
        return False
    claims.check_same(
        {"features_from": known.features_from},
        {"features_from": origin},
        lambda _: (
            f"{known.path}: has features from {known.features_from}, not "
            f"{origin}; choose another --out, or delete the folder"
        ),
    )
    return True


def _of_folder(folder):
    """{video: function that loads its array}."""
    paths = [
        path
        for path in sorted(folder.glob("[!.]*"))
        if path.suffix.lower() in _ENDINGS
    ]
    if not paths:
        raise InputError(f"{folder}: holds no VIDEO.npy or VIDEO.npz")
    found = {
        names.of_stem(path.stem): lambda path=path: _array(path)
        for path in paths
    }
    if len(found) < len(paths):
        raise InputError(f"{folder}: a video has both an .npy and an .npz")
    return found


def _array(path):
    names.check_path(path)
    if path.suffix.lower() == ".npz":
        with archives.opened(path, "file of features") as archive:
            if len(archive.files) != 1:
                raise InputError(
                    f"{path}: expected one array, got {archive.files}"
                )
            value = archive[archive.files[0]]
    else:
        value = archives.load(path, "file of features")
    return _checked(path, value)


def _checked(path, value):
    if value.ndim != 2 or value.dtype.kind not in "fiu" or not value.size:
        raise InputError(
            f"{path}: expected numbers of shape (snippets, features), got "
            f"{value.dtype} of shape {value.shape}"
        )
    return value


def _joined(path):
    """{video: function that gives its rows} of one .npz of all videos."""
    with archives.opened(path, "file of features", ["length"]) as archive:
        name = "features" if "features" in archive.files else "scores"
        if name not in archive.files:
            raise InputError(
                f"{path}: neither 'features' nor 'scores' among its arrays "
                f"{sorted(archive.files)}"
            )
        joined = archives.videos(
            archive, path, _checked(path, archive[name]), name
        )
    return {
        names.of_stem(video): lambda rows=rows: rows
        for video, rows in joined.items()
    }
