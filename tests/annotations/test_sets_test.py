"""The four sets of test videos in use."""

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf import annotations as ground_truth
from fsn_tf import errors
from fsn_tf import segments
from fsn_tf.annotations import test_sets
from tests.kit import shared_data

DROPPED = [f"video_test_000{number}" for number in ("0270", "1292", "1496")]


def annotated(videos):
    """A Run in each video; an ambiguous moment in the first."""
    return segments.Annotations.from_rows(
        [(x, "Run", 0, 1) for x in videos]
        + [(videos[0], segments.AMBIGUOUS, 2, 3)],
        durations_seconds=dict.fromkeys(videos, 9.0),
    )


class TestVideosTest(parameterized.TestCase):
    @parameterized.parameters(
        (213, []), (212, [1]), (211, [0, 1]), (210, [0, 1, 2])
    )
    def test_leaves_out_the_named_videos(self, number, places):
        truth = annotated([*DROPPED, "video_test_0000004"])
        kept = test_sets.chosen(truth, number)
        expected = set(truth.videos) - {DROPPED[place] for place in places}
        self.assertCountEqual(kept.videos, expected)
        self.assertCountEqual((x.video for x in kept.instances), expected)
        self.assertEqual(kept.durations_seconds.keys(), expected)
        self.assertLen(kept.ambiguous, int(DROPPED[0] in expected))

    def test_needs_the_videos_it_leaves_out(self):
        truth = annotated(DROPPED[:2])
        self.assertEqual(test_sets.chosen(truth, 213), truth)
        with self.assertRaisesRegex(errors.InputError, "0001496 is not"):
            test_sets.chosen(truth, 210)

    @parameterized.parameters(
        (213, 3358), (212, 3358), (211, 3329), (210, 3311)
    )
    def test_counts_the_kits_instances(self, number, instances):
        folder = shared_data.path("thumos14/annotation_test")
        kept = test_sets.chosen(ground_truth.read(folder), number)
        self.assertLen(kept.videos, number)
        self.assertLen(kept.instances, instances)


if __name__ == "__main__":
    absltest.main()
