"""Labels that nothing can be learned from are refused before training."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf import segments
from fsn_tf.annotations import frame_labels
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.experiment import Experiment
from fsn_tf.grouping import frame_scores
from fsn_tf.training import examples
from fsn_tf.training import learnable
from fsn_tf.training import windows


def _labels(*of_videos):
    videos = tuple("abc"[: len(of_videos)])
    classes = tuple(sorted({name for names in of_videos for name in names}))
    by_video = dict(zip(videos, of_videos, strict=True))
    return video_labels.VideoLabels((*classes, "unused"), videos, by_video)


def _frames(*labels, classes=("Dive",)):
    """A training set of one window that shows these classes."""
    shown = np.array([labels], np.int32)
    weights = np.ones(shown.shape, np.float32)
    one = np.zeros(1, np.int64)
    made = windows.Windows(one, one, shown[:, 0], shown, weights)
    return examples.TrainingSet(
        classes, (), made.action, examples.WindowExamples(made)
    )


class LearnableTest(parameterized.TestCase):
    def test_videos_of_one_label_say_what_to_do(self):
        with self.assertRaisesRegex(InputError, "^a.csv: .*Dive.*network=fsn"):
            learnable.check(_labels(["Dive"], ["Dive"]), "a.csv")

    def test_two_classes_are_enough(self):
        learnable.check(_labels(["Dive", "Run"], ["Run"]), "a.csv")
        learnable.check(_labels(["Dive"], ["Run"]), "a.csv")

    @parameterized.parameters("Background", "background", "BACKGROUND")
    def test_no_class_is_called_background_in_any_case(self, name):
        truth = segments.Annotations(
            ("Dive", name), ("v",), (segments.Instance("v", "Dive", 0, 1),)
        )
        for labels in (truth, _labels(["Dive"], [name])):
            with self.assertRaisesRegex(
                InputError, f"a.csv: the class '{name}"
            ):
                learnable.check(labels, "a.csv")

    def test_labels_of_frames_name_their_background_by_a_flag(self):
        labels = {"v": np.array([0, 1])}
        truth = frame_labels.FrameLabels(("background", "Dive"), labels)
        learnable.check(truth, "frames.npz")

    def test_frames_of_one_class_are_nothing_to_learn(self):
        paper = Experiment()
        with self.assertRaisesRegex(InputError, "a.csv: all frames .* Dive,"):
            learnable.check_drawn(_frames(0, 0), paper, "a.csv")
        learnable.check_drawn(_frames(0, 1), paper, "a.csv")
        with self.assertRaisesRegex(InputError, "--background=Background"):
            learnable.check_drawn(
                _frames(0, 1, classes=("Dive", "Background")), paper, "x"
            )

    def test_networks_that_learned_a_background_are_refused(self):
        actions = ["Dive", "Background"]
        with self.assertRaisesRegex(InputError, "train again"):
            frame_scores.classes_of("fsn", actions)
        self.assertEqual(frame_scores.classes_of("wfsn", actions), actions)


if __name__ == "__main__":
    absltest.main()
