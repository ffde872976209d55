"""Trained networks applied to prepared videos: score files (Section 3.5)."""

import hashlib
import json
import pathlib

from fsn_tf import checkpoints
from fsn_tf import files
from fsn_tf import frame_prediction
from fsn_tf import progress
from fsn_tf import records
from fsn_tf import scores
from fsn_tf import video_prediction
from fsn_tf.errors import InputError


def predict(workdir, prepared, out, *, inference, videos=None, which="last"):
    """Writes OUT/{video}.npz: probabilities of every frame, or of the video.

    TSN scores a video as a whole: its file holds one row. Videos that are
    done already are kept as they are.

    Args:
        workdir: Folder that training made.
        prepared: Folder that `fsn prepare` made.
        out: Folder of the score files.
        inference: "windows" (the paper's) or "whole"; FSN alone has them.
        videos: Names; None for all that are prepared.
        which: "last" or "best" checkpoint.

    Returns:
        Number of videos that failed; each costs one line on stderr.

    Raises:
        InputError: Workdir and snippets do not fit, or OUT holds scores of
            another network.
    """
    network, experiment, facts = checkpoints.load_network(workdir, which=which)
    chosen, failures = chosen_videos(prepared, experiment, facts, videos)
    out = pathlib.Path(out)
    if experiment.network == "tsn":
        inference = video_prediction.INFERENCE
    _claim(out, _origin(workdir, which, inference, experiment, facts))
    files.remove_abandoned(out)
    score = _scorer(network, experiment, facts, inference, out)
    waiting = [v for v in chosen if not _is_scored(out, v)]
    total = sum(video.num_snippets for video in waiting)
    shown, done = progress.Progress(total, "snippets"), 0
    for error in failures:
        shown.message(str(error))
    failed = len(failures)
    for number, video in enumerate(waiting):
        try:
            score(video)
        except InputError as error:
            shown.message(str(error))
            failed += 1
        done += video.num_snippets
        shown.update(done, f"{number + 1}/{len(waiting)} videos")
    shown.close()
    kept = len(chosen) - len(waiting)
    scored = len(chosen) + len(failures) - kept - failed
    print(f"{out}: {scored} videos scored, {kept} kept, {failed} failed")
    return failed


def _scorer(network, experiment, facts, inference, out):
    """A function that scores records.Snippets and writes the score file."""
    classes = tuple(facts["classes"])
    if experiment.network == "tsn":
        score = video_prediction.scorer(network, experiment)
    else:
        classes += (scores.BACKGROUND,)
        score = frame_prediction.scorer(
            network, experiment, facts["frame_size"], inference
        )

    def write(video):
        found = score(video)
        # One row for the whole video lasts as long as the video.
        fps = len(found) / video.seconds if len(found) == 1 else video.fps
        scores.write(out, video.video, found, fps=fps, classes=classes)

    return write


def _is_scored(out, video):
    path = out / f"{video.video}.npz"
    try:
        return path.exists() and len(scores.read(path).scores) > 0
    except InputError:
        return False


def chosen_videos(prepared, experiment, facts, names):
    """The prepared videos of these names; all of them for None.

    Returns:
        (videos, InputError of each one that is damaged).

    Raises:
        InputError: One is not prepared, or was prepared unlike the videos
            that the network was trained on.
    """
    available, damaged = records.scan(prepared, experiment.stream)
    known = available | damaged
    names = sorted(known) if names is None else list(dict.fromkeys(names))
    missing = [name for name in names if name not in known]
    if missing:
        raise InputError(
            f"{prepared}: {missing[0]} is not prepared "
            f"({len(missing)} of {len(names)} are not); run fsn prepare"
        )
    chosen = [available[name] for name in names if name in available]
    for video in chosen:
        stored = (video.fps, video.snippet_frames, video.width, video.height)
        trained = (facts["fps"], experiment.snippet_frames)
        trained += tuple(facts["frame_size"])
        if stored != trained:
            raise InputError(
                f"{video.path}: fps, frames per snippet, width and height "
                f"are {stored}; the network was trained on {trained}"
            )
        if video.flow != facts["flow"]:
            raise InputError(
                f"{video.path}: has flow {video.flow}; the network was "
                f"trained on {facts['flow']}"
            )
    return chosen, [damaged[name] for name in names if name in damaged]


def _origin(workdir, which, inference, experiment, facts):
    """What tells one set of scores from another."""
    latest = checkpoints.latest(workdir, which)
    digest = hashlib.sha256(pathlib.Path(latest + ".index").read_bytes())
    return {
        "workdir": pathlib.Path(workdir).name,
        "checkpoint": pathlib.Path(latest).name,
        "checkpoint_sha256": digest.hexdigest(),
        "inference": inference,
        "network": experiment.network,
        "stream": experiment.stream,
        "flow": facts["flow"],
    }


def _claim(out, origin):
    """Notes where the scores in a folder come from; refuses to mix two."""
    path = out / scores.ORIGIN
    if path.exists():
        try:
            known = json.loads(path.read_text(encoding="utf-8"))
        except ValueError:
            known = "something that is not JSON"
        if known != origin:
            raise InputError(
                f"{path}: expected {origin}, found {known}; choose another "
                "--out, or delete the folder"
            )
    else:
        files.write_json(path, origin)
