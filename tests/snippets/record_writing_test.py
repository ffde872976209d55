"""Records as TensorFlow writes them, to the byte."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np
import tensorflow as tf

from fsn_tf.snippets import record_writing
from tests.kit import temporary_files


def _example(images):
    value = tf.train.Feature(bytes_list=tf.train.BytesList(value=images))
    features = tf.train.Features(feature={"jpeg": value})
    return tf.train.Example(features=features).SerializeToString()


def _random(*lengths):
    generator = np.random.default_rng(sum(lengths))
    return [generator.bytes(length) for length in lengths]


class RecordWritingTest(temporary_files.TestCase, parameterized.TestCase):
    def test_an_example_is_what_the_wire_format_says(self):
        self.assertEqual(
            record_writing.example([b"AB"]),
            # Features { entry { "jpeg", Feature { BytesList { "AB" } } } }
            bytes([10, 16, 10, 14, 10, 4])
            + b"jpeg"
            + bytes([18, 6, 10, 4, 10, 2])
            + b"AB",
        )

    @parameterized.parameters(
        # A length has one byte more from 128, 16,384 and 2,097,152 on; those
        # around it count what is inside.
        *((length,) for length in [*range(100, 132), *range(16_360, 16_388)]),
        (65_535,),
        (65_537,),
        (2_097_130,),
        (2_097_152,),
        (0,),
        (),
        (0, 0),
        (1, 0, 70_000),
        tuple(range(10)),
        (5_000,) * 10,
    )
    def test_an_example_has_the_bytes_of_tensorflow(self, *lengths):
        images = _random(*lengths)
        self.assertEqual(record_writing.example(images), _example(images))

    def test_a_file_has_the_bytes_of_tensorflow(self):
        snippets = [
            _random(*lengths) for lengths in [(3,), (0,), (), (70_000, 1), (9,)]
        ]
        path = self.folder / "ours.tfrecord"
        theirs = self.folder / "theirs.tfrecord"

        offsets = record_writing.write(path, iter(snippets))

        sizes = [0]
        with tf.io.TFRecordWriter(str(theirs)) as writer:
            for images in snippets:
                writer.write(_example(images))
                writer.flush()
                sizes.append(theirs.stat().st_size)
        self.assertEqual(path.read_bytes(), theirs.read_bytes())
        self.assertEqual(offsets, sizes)

    def test_a_file_without_snippets_is_empty(self):
        path = self.folder / "none.tfrecord"
        self.assertEqual(record_writing.write(path, []), [0])
        self.assertEqual(path.read_bytes(), b"")


if __name__ == "__main__":
    absltest.main()
