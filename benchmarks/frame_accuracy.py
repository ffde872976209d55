r"""Whether every frame has the time that a player shows, file by file.

    python -m benchmarks.frame_accuracy [--rates=10,25,30000/1001] [--browser]

Writes videos of four seconds whose frames carry their number, in all usual
containers, with time stamps of many kinds, and compares with the time stamps
that ffprobe reads (where it is not installed, or the container has none, with
those that were written):

- prepare: the number in every frame that is read at 25 per second;
- localize: the start and end of a segment from one number to another, in
  detections.json, detections.csv, the WebVTT and the SRT file;
- page: with --browser, the number that Chromium shows of the video in
  report.html, at five times of each video.

A cell has the largest deviation of all rates, in frames: native ones, but for
localize, whose times are whole frames at 25 per second, the longer of the two.
A half is what is promised, and a whole one in AVI, which has no time stamps.
The exit status is 1 where one is larger.
"""

import argparse
import contextlib
from fractions import Fraction
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import types

import numpy as np

from benchmarks import tables
from fsn_tf import annotations
from fsn_tf.timeline import localized_videos
from fsn_tf.videos import video_files
from tests.kit import browser
from tests.kit import numbered_videos

_FPS, _SECONDS = 25, 4
_RATES = "10,15,24,25,30000/1001,30,50,60000/1001,60"
_CONTAINERS = ".mp4", ".mov", ".mkv", ".webm", ".avi", ".ts"
# Half a frame, and what decides a tie; AVI has no time stamps.
_AGREES, _AVI_AGREES = 0.501, 1.0
# Words of ffmpeg before its input; none cuts what it has read.
_CUTS = {"cut": (), "cut by seeking": ("-ss", "1.3")}
KINDS = (
    "sound",
    "silent",
    "variable",
    "hole",
    "late picture",
    "late sound",
    "late file",
    *_CUTS,
)
_ASKED = "frame=best_effort_timestamp_time:format=start_time"
_SHOWN = """(async () => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = %s;
  document.body.append(video);
  await new Promise((go, no) => {
    video.onloadeddata = go; video.onerror = () => no("not played");
  });
  const found = [];
  for (const seconds of %s) {
    const sought = new Promise((go) => { video.onseeked = go; });
    // Where the frame stays the same none is called for.
    const drawn_anew = new Promise((go) => {
      video.requestVideoFrameCallback(go); setTimeout(go, 1000);
    });
    video.currentTime = seconds;
    await sought;
    await drawn_anew;
    const canvas = document.createElement("canvas");
    canvas.width = 160; canvas.height = 4;
    const drawn = canvas.getContext("2d");
    drawn.drawImage(video, 0, 0, 160, 4);
    found.push([...drawn.getImageData(0, 0, 160, 4).data]);
  }
  video.remove();
  return found;
})()"""


def written(path: pathlib.Path, kind: str, fps: float) -> np.ndarray | None:
    """Writes one video of a kind; the seconds of its frames from its start.

    None where the container cannot hold it.
    """
    even = np.arange(int(_SECONDS * fps)) / fps
    stamps, sound, start = even, (0.0, float(_SECONDS)), 0.0
    if kind == "silent":
        sound = None
    elif kind == "variable":
        if path.suffix == ".avi":
            return None
        keep = np.random.default_rng(0).random(len(even)) < 0.7
        keep[0], sound = True, None
        stamps = even[keep]
    elif kind == "hole":
        stamps, sound = even[(even < 1.5) | (even >= 2.7)], None
    elif kind == "late picture":
        stamps, sound = even + 1.6, (0.0, _SECONDS + 1.6)
    elif kind == "late sound":
        sound = (1.0, float(_SECONDS))
    elif kind == "late file":
        if path.suffix == ".avi":
            return None
        stamps, sound, start = even + 7, None, 7.0
    if path.suffix == ".avi":
        stamps = np.round(stamps * fps) / fps
    numbered_videos.write(path, stamps, sound=sound, fps=fps)
    return stamps - start


def cut(path: pathlib.Path, *before: str) -> None:
    """Cuts a video without encoding it again, by ffmpeg."""
    whole = path.rename(path.with_stem("whole"))
    words = ["-i", str(whole), "-ss", "1.3"] if not before else [*before]
    words += [] if not before else ["-i", str(whole)]
    subprocess.run(
        ["ffmpeg", "-v", "error", "-y", *words, "-c", "copy", str(path)],
        check=True,
    )
    whole.unlink()


def probed(path: pathlib.Path) -> np.ndarray | None:
    """Seconds of the frames from the start of a file, as ffprobe says."""
    if not shutil.which("ffprobe") or path.suffix == ".avi":
        return None
    words = "ffprobe -v error -select_streams v:0 -of json -show_entries"
    words = [
        *words.split(),
        "frame=best_effort_timestamp_time:format=start_time",
    ]
    told = json.loads(subprocess.check_output([*words, str(path)]))
    stamps = [
        float(frame["best_effort_timestamp_time"]) for frame in told["frames"]
    ]
    start = min(max(float(told["format"]["start_time"]), 0), stamps[0])
    return np.array(stamps) - start


class _Numbers:
    """A localizer.Localizer that finds where some numbers are shown."""

    card = types.MappingProxyType({"fps": float(_FPS)})
    classes = ("shown",)
    fingerprint = "numbers"

    def __init__(self, first, stop):
        self._first, self._stop = first, stop

    def reading(self, source):
        return source.frames(_FPS)

    def frame_probabilities(self, reading, progress):
        numbers = np.array([numbered_videos.number(x) for _, x in reading])
        inside = (numbers >= self._first) & (numbers < self._stop)
        return inside[:, None].astype(np.float32)


def prepared_deviation(path, stamps, offset, fps):
    """In native frames; numbers in the file start at `offset`."""
    shown = [
        ((frame + 0.5) / _FPS, numbered_videos.number(image) - offset)
        for frame, image in video_files.Video(path).frames(_FPS)
    ]
    return numbered_videos.deviations(shown, stamps).max() * fps


def localized_deviation(path, stamps, offset, fps, out):
    """In the longer of native frames and frames of the scores."""
    first, stop = len(stamps) // 3, 2 * len(stamps) // 3
    localized_videos.localize(
        [path],
        _Numbers(first + offset, stop + offset),
        out,
        localized_videos.Settings(),
    )
    found = []
    for name in ("detections.json", "detections.csv"):
        read = annotations.read_detections(out / name, classes=("shown",))
        found += [(start, end) for _, _, start, end, _ in read.rows()]
    for ending in (".vtt", ".srt"):
        text = (out / f"{path.stem}{ending}").read_text().replace(",", ".")
        (cue,) = re.findall(r"(\S+) --> (\S+)", text)
        found.append(tuple(map(_seconds, cue)))
    away = abs(np.array(found) - stamps[[first, stop]])
    return away.max() * min(fps, _FPS)


def _seconds(clock):
    hours, minutes, seconds = clock.split(":")
    return (int(hours) * 60 + int(minutes)) * 60 + float(seconds)


def shown_deviation(window, path, stamps, offset, fps, out):
    """In native frames, of the copy in the page."""
    record = json.loads((out / f"{path.stem}.origin.json").read_text())
    media = (out / record["media"]).absolute().as_uri()
    ends = stamps[-1] * np.array([0.03, 0.3, 0.5, 0.7, 0.95])
    # In the middle of a frame of the copy, which has the native rate.
    times = (np.floor(ends * fps) + 0.5) / fps
    pixels = window.run(
        _SHOWN % (json.dumps(media), json.dumps(times.tolist()))
    )
    images = np.array(pixels).reshape(len(times), 4, 160, 4)[..., :3]
    shown = [
        (seconds, numbered_videos.number(image) - offset)
        for seconds, image in zip(times, images, strict=True)
    ]
    return numbered_videos.deviations(shown, stamps).max() * fps


def made(path: pathlib.Path, kind: str, fps: float):
    """(seconds of its frames, number of the first one), or None."""
    if kind not in _CUTS:
        stamps = written(path, kind, fps)
        if stamps is None:
            return None
        read = probed(path)
        return (stamps if read is None else read), 0
    if not shutil.which("ffmpeg") or path.suffix == ".avi":
        return None
    written(path, "sound", fps)
    cut(path, *_CUTS[kind])
    (_, image), *_ = video_files.Video(path).frames(fps)
    return probed(path), numbered_videos.number(image)


def measured(path, kind, fps, window):
    """{stage: deviation} of one video; empty where there is none of a kind."""
    known = made(path, kind, fps)
    if known is None:
        return {}
    out = path.with_suffix("")
    found = {
        "prepare": prepared_deviation(path, *known, fps),
        "localize": localized_deviation(path, *known, fps, out),
    }
    if window:
        found["page"] = shown_deviation(window, path, *known, fps, out)
    return found


def matrix(folder: pathlib.Path, rates, window) -> dict:
    """{(kind, stage): {container: the largest deviation}}."""
    found: dict = {}
    for kind in KINDS:
        for container in _CONTAINERS:
            for rate in rates:
                name = f"{kind} {float(rate):.4g}{container}".replace(" ", "_")
                print(name, file=sys.stderr)
                for stage, deviation in measured(
                    folder / name, kind, float(rate), window
                ).items():
                    cells = found.setdefault((kind, stage), {})
                    cells[container] = max(
                        cells.get(container, 0.0), float(deviation)
                    )
    return found


def main() -> int:
    """Measures and prints; returns 1 where a frame is off by over a half."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rates", default=_RATES)
    parser.add_argument("--browser", action="store_true")
    given = parser.parse_args()
    rates = [Fraction(rate) for rate in given.rates.split(",")]
    with tempfile.TemporaryDirectory() as name, contextlib.ExitStack() as stack:
        window = None
        if given.browser:
            window = stack.enter_context(browser.Browser())
            blank = pathlib.Path(name) / "blank.html"
            blank.write_text("<!doctype html>")
            window.open(blank)
        found = matrix(pathlib.Path(name), rates, window)
    columns = ["time stamps", "stage", *_CONTAINERS]
    rows = [
        [*key, *(f"{cells[x]:.2f}" if x in cells else "-" for x in _CONTAINERS)]
        for key, cells in found.items()
    ]
    tables.show("Frame accuracy", tables.table(columns, rows))
    worst, of_avi = (
        max(
            deviation
            for cells in found.values()
            for container, deviation in cells.items()
            if (container == ".avi") == is_avi
        )
        for is_avi in (False, True)
    )
    print(
        f"The largest deviation is {worst:.2f} of a frame, {of_avi:.2f} in AVI."
    )
    return 1 if worst > _AGREES or of_avi > _AVI_AGREES else 0


if __name__ == "__main__":
    sys.exit(main())
