"""Trained networks applied to prepared videos: score files (Section 3.5)."""

from collections.abc import Callable
from collections.abc import Iterable
from collections.abc import Sequence
import hashlib
import pathlib
import sys
from typing import Any

from fsn_tf import claims
from fsn_tf import files
from fsn_tf import partials
from fsn_tf import progress
from fsn_tf import workdirs
from fsn_tf.errors import Failures
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.grouping import frame_scores
from fsn_tf.prediction import precisions
from fsn_tf.prediction import score_writing
from fsn_tf.prediction import video_prediction
from fsn_tf.prediction import worker_task
from fsn_tf.segments.names import known_as
from fsn_tf.snippets import encoders
from fsn_tf.snippets import prepared_folders
from fsn_tf.snippets.prepared_folders import PreparedVideo
from fsn_tf.training import checkpoints
from fsn_tf.workers import elsewhere
from fsn_tf.workers.engines import Engine
from fsn_tf.workers.engines import Job

PAPERS_INFERENCE = {"fsn": "windows", "wfsn": "whole"}


def predict(
    workdir: pathlib.Path | str,
    prepared: pathlib.Path | str,
    out: pathlib.Path | str,
    *,
    inference: str | None = None,
    videos: Iterable[str] | None = None,
    which: str = "last",
    precision: str = "float32",
    engine: Engine | None = None,
) -> int:
    """Writes OUT/{video}.npz: probabilities of every frame, or of the video.

    Examples:
        >>> fsn_tf.predict("run", "prepared", "scores")
        scores: 2 videos scored, 0 kept, 0 failed
        0

    TSN scores a video as a whole: its file holds one row. Videos that are
    done already are kept as they are.

    Args:
        workdir: Folder that training made.
        prepared: Folder that `fsn prepare` made.
        out: Folder of the score files.
        inference: "windows" or "whole"; None is the paper's way, windows for
            FSN (C7), the whole video for WFSN (C26). TSN has one way alone.
        videos: Names; None for all that are prepared.
        which: "last" or "best" checkpoint.
        precision: "float32" or "bfloat16", which the network computes in.
        engine: Whose workers score, instead of this process.

    Returns:
        Number of videos that failed; each costs one line on stderr.

    Raises:
        InputError: Workdir and snippets do not fit, or OUT holds scores of
            another network.
        OSError: OUT cannot be written, or the engine failed.
    """
    files.check_writable(out)
    precisions.note_if_slow(precision)
    network, experiment, facts = checkpoints.load_network(
        workdir, which=which, precision=precision
    )
    chosen, failures = chosen_videos(prepared, experiment, facts, videos)
    out = pathlib.Path(out)
    if experiment.network == "tsn":
        if inference is not None:
            raise InputError(
                f"{workdir}: holds a TSN, which scores whole videos; leave "
                "--inference out"
            )
        inference = video_prediction.inference(experiment)
    inference = inference or PAPERS_INFERENCE[experiment.network]
    of_network = origin(workdir, which, experiment, facts)
    exact = precision == "float32"
    noted = inference if exact else f"{inference}, {precision}"
    _claim(out, {**of_network, "inference": noted})
    partials.remove_abandoned(out)
    looked_at = progress.followed(chosen, len(chosen), "videos looked at")
    waiting = [v for v in looked_at if not _is_scored(out, v)]
    if engine is None:
        write = score_writing.writer(network, experiment, facts, inference, out)
        failed = write_each(waiting, failures, write)
    else:
        written_by = pathlib.Path(workdir), which, precision, inference, out
        failed = _write_elsewhere(waiting, failures, written_by, engine)
    kept = len(chosen) - len(waiting)
    scored = len(chosen) + len(failures) - kept - failed
    print(f"{out}: {scored} videos scored, {kept} kept, {failed} failed")
    return failed


def write_each(
    videos: Sequence[PreparedVideo],
    damaged: Sequence[InputError],
    write: Callable[[PreparedVideo], None],
) -> int:
    """Writes something of every video; one that fails costs one line.

    Args:
        videos: What is prepared of each.
        damaged: InputError of each one that has failed already.
        write: Called with each of the videos; may raise InputError.

    Returns:
        Number of videos that failed.
    """
    total = sum(video.num_snippets for video in videos)
    shown, done = progress.Progress(total, "snippets"), 0
    failures = Failures(shown.message)
    for error in damaged:
        failures.add(error)
    for number, video in enumerate(videos, start=1):
        with failures.caught():
            write(video)
        done += video.num_snippets
        shown.update(done, f"{number}/{len(videos)} videos")
    shown.close()
    return len(failures)


def _write_elsewhere(videos, damaged, written_by, engine):
    """As write_each, by an engine; see worker_task.score_or_say."""
    for error in damaged:
        print(error, file=sys.stderr)
    jobs = [
        Job(video.video, (written_by, video), video.num_snippets)
        for video in videos
    ]
    failures = elsewhere.run(
        worker_task.score_or_say, jobs, engine, written_by[-1], unit="snippets"
    )
    return len(damaged) + len(failures)


def _is_scored(out, video):
    path = out / f"{video.video}.npz"
    try:
        return path.exists() and len(frame_scores.read(path).scores) > 0
    except InputError:
        return False


def chosen_videos(
    prepared: pathlib.Path | str,
    experiment: Experiment,
    facts: dict[str, Any],
    names: Iterable[str] | None,
) -> tuple[list[PreparedVideo], list[InputError]]:
    """The prepared videos of these names; all of them for None.

    Returns:
        (videos, InputError of each one that is damaged).

    Raises:
        InputError: One is not prepared, or was prepared unlike the videos
            that the network was trained on.
    """
    known = dict.fromkeys(prepared_folders.listed(prepared, experiment.stream))
    names = sorted(known) if names is None else names
    names = list(dict.fromkeys(known_as(names, known).values()))
    missing = [name for name in names if name not in known]
    if missing:
        raise InputError(
            f"{prepared}: {missing[0]} is not prepared "
            f"({len(missing)} of {len(names)} are not); run fsn prepare"
        )
    available, damaged = prepared_folders.scan(
        prepared, experiment.stream, names
    )
    chosen = [available[name] for name in names if name in available]
    for video in chosen:
        _check_as_trained(video, experiment, facts)
    return chosen, [damaged[name] for name in names if name in damaged]


def _check_as_trained(video, experiment, facts):
    stored = {"snippet_frames": video.snippet_frames, **video.setting()}
    trained = {"snippet_frames": experiment.snippet_frames, **facts}
    claims.check_same(
        trained,
        encoders.agreed(trained, stored),
        lambda name: (
            f"{video.path}: has {name} {stored[name]}; the network was "
            f"trained on {trained[name]}"
        ),
    )


def origin(
    workdir: pathlib.Path | str,
    which: str,
    experiment: Experiment,
    facts: dict[str, Any],
) -> dict[str, str]:
    """What tells a network from another one, as a dict for JSON."""
    index = pathlib.Path(f"{workdirs.latest(workdir, which)}.index")
    return {
        "workdir": pathlib.Path(workdir).name,
        "checkpoint": index.stem,
        "checkpoint_sha256": hashlib.sha256(index.read_bytes()).hexdigest(),
        "network": experiment.network,
        "stream": experiment.stream,
        "flow": facts.get("flow", ""),
    }


def _claim(out, facts):
    """Notes where the scores in a folder come from; refuses to mix two."""
    path = out / frame_scores.ORIGIN
    claims.claim(
        path,
        facts,
        lambda _, known: (
            f"{path}: expected {facts}, found {known}; choose another "
            "--out, or delete the folder"
        ),
    )
