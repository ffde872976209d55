"""Files of detections are known by their content."""

import pickle

from absl.testing import absltest
from absl.testing import parameterized

from fsn_tf.annotations import detection_formats
from tests.kit import temporary_files

_KIT = "video_1.mpeg\t0.5 1e1 7 .25\n"


class OfTest(temporary_files.TestCase):
    @parameterized.product(
        name=("found", "found.txt", "found.json", "found.csv", "found.pkl"),
        known=(
            ('{"results": {}}', "json"),
            ('\ufeff \n{ "version": "1"}', "json"),
            ("\n" + _KIT, "text"),
            (pickle.dumps({"label": []}), "pickle"),
        ),
    )
    def test_content_counts_for_more_than_the_name(self, name, known):
        content, expected = known
        path = self.write(name, content)
        self.assertEqual(detection_formats.of(path), expected)

    @parameterized.parameters(
        ("found", "v,0,1,Run,0.5\n", "csv"),
        ("found.csv", "no table at all", "csv"),
        ("found.txt", "no table at all", "text"),
        ("found.json", "[]", "json"),
        ("found.pkl", "(dp0\n.", "pickle"),
        ("found.txt", "", "text"),
    )
    def test_what_says_nothing_is_what_its_name_says(self, name, text, kind):
        self.assertEqual(detection_formats.of(self.write(name, text)), kind)


if __name__ == "__main__":
    absltest.main()
