"""Label Studio's exports, worked out by hand."""

import json

from absl.testing import absltest

from fsn_tf import errors
from fsn_tf.annotations import labelings
from fsn_tf.annotations import labelstudio
from tests.kit import temporary_files

_RATE = labelings.Rates(25.0)


def _region(start, end, label="serve"):
    return {
        "type": "timelinelabels",
        "value": {
            "ranges": [{"start": start, "end": end}],
            "timelinelabels": [label],
        },
    }


def _task(*annotations, video="a.mp4", **more):
    return {
        "data": {"video": video},
        "annotations": [{"result": list(x)} for x in annotations],
        **more,
    }


class ReadTest(temporary_files.TestCase):
    def _read(self, tasks, rates=_RATE):
        return labelstudio.read(self.write("x.json", json.dumps(tasks)), rates)

    def _times(self, tasks):
        return [
            (x.video, x.label, x.start_seconds, x.end_seconds)
            for x in self._read(tasks).instances
        ]

    def test_frames_count_from_1_and_the_last_is_included(self):
        # Frames 31 to 66 are 30 to 65 from 0: 30 / 25 to 66 / 25 seconds.
        self.assertEqual(
            self._times([_task([_region(31, 66)])]), [("a", "serve", 1.2, 2.64)]
        )

    def test_takes_json_min(self):
        task = {
            "video": "/data/upload/3/0a1b2c3d-a.mp4",
            "id": 1,
            "videoLabels": [
                {
                    "ranges": [{"start": 31, "end": 66}],
                    "timelinelabels": ["serve"],
                }
            ],
        }
        self.assertEqual(self._times([task]), [("a", "serve", 1.2, 2.64)])

    def test_takes_seconds_of_the_audio_trick(self):
        region = {
            "type": "labels",
            "value": {"start": 1.2, "end": 2.64, "labels": ["serve"]},
        }
        tasks = [_task([region], video="/data/local-files/?d=x%20y/a.mp4")]
        found = self._read(tasks, labelings.Rates())
        self.assertEqual(found.instances[0].video, "a")
        self.assertEqual(found.instances[0].end_seconds, 2.64)

    def test_says_whose_annotations_count(self):
        task = _task([_region(1, 9)], [_region(31, 66)], [_region(2, 3)])
        task["annotations"][0]["was_cancelled"] = True
        task["annotations"][2]["ground_truth"] = True
        task["predictions"] = [{"result": []}]
        found = self._read([task])
        self.assertEqual(found.instances[0].start_seconds, 1 / 25)
        self.assertLen(found.instances, 1)
        self.assertEqual(
            dict(found.losses),
            {
                "canceled annotations left out": 1,
                "annotations by others left out": 1,
                "predictions ignored": 1,
            },
        )

    def test_a_task_without_annotation_is_no_video_without_action(self):
        found = self._read([_task([]), _task(video="b.mp4")])
        self.assertEqual(list(found.videos), ["a"])

    def test_names_what_is_wrong(self):
        for tasks, message in (
            ([_task([_region(0, 5)])], "expected frames from 1 on"),
            ([_task([_region(5, 4)])], "the last not before the first"),
            ([_task([_region(1.5, 4)])], "expected whole numbers"),
            ([_task([], video=3)], "expected data with a video"),
            ({"a": 1}, "expected a list of tasks"),
            ([_task(["x"])], "[0]: expected an object"),
        ):
            with self.assertRaises(errors.InputError) as caught:
                self._read(tasks)
            self.assertIn(message, str(caught.exception))

    def test_asks_for_the_rate(self):
        with self.assertRaisesRegex(errors.InputError, "labelstudio@25:"):
            self._read([_task([_region(1, 2)])], labelings.Rates())


if __name__ == "__main__":
    absltest.main()
