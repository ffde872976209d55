"""What is written is read again, by us and by the tools' own packages."""

import copy
import json
import pathlib

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import labelings
from fsn_tf.annotations import recognition
from fsn_tf.annotations import tool_files
from tests.kit import optional
from tests.kit import temporary_files

_RATES = labelings.Rates(25.0)
_CLASSES = ("serve  x", "Zurückspiel", "x&<y>", "3")
_TRUTH = segments.Annotations.from_rows(
    [("a", "x&<y>", 1.2, 2.64), ("a", "serve", 2.0, 3.0), ("b", "serve", 0, 1)],
    videos=["quiet"],
)


def _random(seed, *, overlap):
    """Truth of two videos; each instance lasts a frame and more."""
    rng = np.random.default_rng(seed)
    rows = []
    for video in ("clip one", "b.c") if overlap else ("one", "b.c"):
        time = 0.0
        for _ in range(20):
            start = time + rng.uniform(2 / 25, 2) * (rng.random() > 0.1)
            end = start + rng.uniform(1.1 / 25, 3)
            label = _CLASSES[rng.integers(4)]
            # What may not overlap is MS-TCN, which has no blanks either.
            label = label if overlap else label.replace(" ", "")
            rows.append((video, label, start, end))
            time = start if overlap else end + 2 / 25
    lengths = {video: end + 1 for video, _, _, end in rows}
    return segments.Annotations.from_rows(rows, durations_seconds=lengths)


def _sorted(labeling):
    pairs = zip(labeling.instances, labeling.scores, strict=True)
    return sorted(
        ((x.video, x.label, x.start_seconds, x.end_seconds), score)
        for x, score in pairs
    )


class RoundTripTest(temporary_files.TestCase):
    def _again(self, labeling, name):
        path = self.folder / f"out-{name}"
        tool_files.write(path, name, labeling, rates=_RATES, media={})
        known = recognition.of(path)
        self.assertEqual(known, name)
        return tool_files.read(path, known, _RATES)

    @parameterized.product(
        name=(
            "activitynet boris csv elan fiftyone labelstudio mstcn srt webvtt"
        ).split(),
        seed=(0, 1, 2),
    )
    def test_moves_no_time_by_more_than_half_a_frame(self, name, seed):
        truth = _random(seed, overlap=name != "mstcn")
        labeling = labelings.of_annotations("truth", truth)
        found = self._again(labeling, name)
        self.assertEqual(set(found.videos), set(truth.videos))
        self.assertEqual(set(found.class_names()), set(truth.classes))
        # In order of time, as equal labels may round to equal starts.
        before, after = (
            [row for row, _ in _sorted(x)] for x in (labeling, found)
        )
        self.assertLen(after, len(before))
        for old, new in zip(before, after, strict=True):
            self.assertEqual(old[:2], new[:2])
            np.testing.assert_allclose(old[2:], new[2:], atol=0.5 / 25 + 1e-9)

    @parameterized.parameters(
        "activitynet",
        "boris",
        "csv",
        "elan",
        "fiftyone",
        "labelstudio",
        "srt",
        "webvtt",
    )
    def test_keeps_scores(self, name):
        rows = [("a", "hit", 1.2, 2.64, 0.75), ("b", "serve", 0.0, 1.0, 0.5)]
        given = segments.Detections.from_rows(rows, classes=["hit", "serve"])
        found = self._again(labelings.of_detections("x", given), name)
        self.assertTrue(found.are_detections)
        self.assertEqual(sorted(found.detections().rows()), rows)

    def test_says_which_scores_get_lost(self):
        given = segments.Detections.from_rows(
            [("a", "hit", 0, 1, 0.75), ("a", "hit", 3, 2, 0.5)], classes=["hit"]
        )
        labeling = labelings.of_detections("x", given)
        self._again(labeling, "mstcn")
        notes = "\n".join(labeling.all_notes())
        self.assertIn("has no place for scores", notes)
        self.assertIn("end before they start left out: 1", notes)

    def test_says_which_labels_look_like_scores(self):
        truth = segments.Annotations.from_rows([("a", "full 100%", 0, 1)])
        labeling = labelings.of_annotations("x", truth)
        self._again(labeling, "srt")
        self.assertIn("read as a score: 1", labeling.all_notes()[0])

    def test_a_file_of_one_video_is_a_file(self):
        labeling = labelings.of_annotations("x", _TRUTH.of_videos(["a"]))
        path = self.folder / "a.vtt"
        tool_files.write(path, "webvtt", labeling, rates=_RATES, media={})
        self.assertStartsWith(path.read_text(), "WEBVTT\n")
        labeling = labelings.of_annotations("x", _TRUTH)
        with self.assertRaisesRegex(errors.InputError, "files of 3 videos"):
            tool_files.write(path, "webvtt", labeling, rates=_RATES, media={})


class OddFilesTest(temporary_files.TestCase):
    @parameterized.parameters("boris", "fiftyone", "labelstudio")
    def test_odd_values_anywhere_are_one_line(self, name):
        labeling = labelings.of_annotations("x", _TRUTH)
        path = self.folder / "out"
        tool_files.write(path, name, labeling, rates=_RATES, media={})
        path = path / "labels.json" if path.is_dir() else path
        content = json.loads(path.read_text())
        failed = 0
        for place in _places(content):
            for odd in (None, -1, 1e300, "", [[]], {"a": 1}):
                path.write_text(json.dumps(_changed(content, place, odd)))
                try:
                    tool_files.read(path, name, _RATES)
                except errors.InputError as error:
                    self.assertNotIn("\n", str(error))
                    failed += 1
        self.assertGreater(failed, 50)

    def test_times_without_end_are_refused(self):
        truth = segments.Annotations.from_rows([("a", "serve", 0, 1e300)])
        for name in tool_files.WRITTEN:
            with self.assertRaisesRegex(errors.InputError, "times up to"):
                tool_files.write(
                    self.folder / "x",
                    name,
                    labelings.of_annotations("truth", truth),
                    rates=_RATES,
                    media={},
                )


def _places(value, place=()):
    """Yields the keys that lead to each value in a JSON value."""
    yield place
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _places(inner, (*place, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _places(inner, (*place, index))


def _changed(content, place, value):
    """The content with another value at a place."""
    if not place:
        return value
    changed = inner = copy.deepcopy(content)
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    return changed


class OwnReadersTest(temporary_files.TestCase):
    """The tools' own packages open what is written."""

    def _written(self, name):
        path = self.folder / "out"
        labeling = labelings.of_annotations("x", _TRUTH)
        media = {"a": pathlib.Path("/videos/a.mp4")}
        tool_files.write(path, name, labeling, rates=_RATES, media=media)
        return path

    def test_elan(self):
        optional.skip_without(self, "pympi")
        import pympi

        file = pympi.Elan.Eaf(str(self._written("elan") / "a.eaf"))
        self.assertEqual(
            file.get_annotation_data_for_tier("x&<y>"), [(1200, 2640, "x&<y>")]
        )
        self.assertEqual(
            file.get_annotation_data_for_tier("serve"), [(2000, 3000, "serve")]
        )
        (media,) = file.get_linked_files()
        self.assertEqual(media["MEDIA_URL"], "file:///videos/a.mp4")

    def test_webvtt(self):
        optional.skip_without(self, "webvtt")
        import webvtt

        cues = webvtt.read(str(self._written("webvtt") / "a.vtt"))
        self.assertEqual(
            [(x.start, x.end, x.text) for x in cues],
            [
                ("00:00:01.200", "00:00:02.640", "x&amp;&lt;y&gt;"),
                ("00:00:02.000", "00:00:03.000", "serve"),
            ],
        )

    def test_srt(self):
        optional.skip_without(self, "srt")
        import srt

        text = (self._written("srt") / "a.srt").read_text()
        self.assertEqual(
            [
                (x.index, x.start.total_seconds(), x.end.total_seconds())
                for x in srt.parse(text)
            ],
            [(1, 1.2, 2.64), (2, 2.0, 3.0)],
        )


if __name__ == "__main__":
    absltest.main()
