"""Caffe's models, written here field by field."""

from absl.testing import absltest
from absl.testing import parameterized
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks.weights import caffe_files
from tests.kit import made_up_weights
from tests.kit import temporary_files
from tests.kit.made_up_weights import blob
from tests.kit.made_up_weights import field
from tests.kit.made_up_weights import layer
from tests.kit.made_up_weights import v1_layer

_RNG = np.random.default_rng(0)
_KERNEL = _RNG.normal(size=(4, 3, 2, 2)).astype("f4")
_BIAS, _SLOPE, _SHIFT, _MEAN = _RNG.normal(size=(4, 4)).astype("f4")
_VARIANCE = _RNG.uniform(0.5, 2, 4).astype("f4")
_EXPECTED = {
    "conv1/7x7_s2.weight": _KERNEL,
    "conv1/7x7_s2.bias": _BIAS,
    "conv1/7x7_s2_bn.weight": _SLOPE,
    "conv1/7x7_s2_bn.bias": _SHIFT,
    "conv1/7x7_s2_bn.running_mean": _MEAN,
    "conv1/7x7_s2_bn.running_var": _VARIANCE,
}
# Of V1LayerParameter; BN is of TSN's branch and has no number in Caffe.
_V1_CONVOLUTION, _V1_DATA, _V1_BN = 4, 5, 99


class CaffeFilesTest(temporary_files.TestCase):
    def _assert_reads(self, content, tolerance=0):
        path = self.write("x.caffemodel", content)
        found = caffe_files.read(path)
        self.assertEqual(list(found), list(_EXPECTED))
        for name, value in _EXPECTED.items():
            read = found[name].read()
            self.assertTrue(found[name].fits(value.shape), name)
            np.testing.assert_allclose(
                read.reshape(value.shape), value, rtol=tolerance
            )

    @parameterized.product(
        legacy_shape=(False, True), packed=(False, True), double=(False, True)
    )
    def test_reads_every_form_of_a_blob(self, **form):
        convolution = [blob(_KERNEL, **form), blob(_BIAS, **form)]
        statistics = [
            blob(value.reshape(1, 4, 1, 1), **form)
            for value in (_SLOPE, _SHIFT, _MEAN, _VARIANCE)
        ]
        name = field(1, b"BN-Inception")
        self._assert_reads(
            name
            + layer("data", "Input", [])
            + layer("conv1/7x7_s2", "Convolution", convolution)
            + layer("conv1/7x7_s2_bn", "BN", statistics)
            + layer("conv1/relu_7x7", "ReLU", [])
        )
        self._assert_reads(
            name
            + v1_layer("data", _V1_DATA, [])
            + v1_layer("conv1/7x7_s2", _V1_CONVOLUTION, convolution)
            + v1_layer("conv1/7x7_s2_bn", _V1_BN, statistics)
        )

    def test_divides_the_sums_of_caffes_own_batch_norm(self):
        sums = [blob(_MEAN * 8), blob(_VARIANCE * 8), blob(np.float32([8]))]
        content = (
            layer("conv1/7x7_s2_bn", "BatchNorm", sums)
            + layer("conv1/7x7_s2_sc", "Scale", [blob(_SLOPE), blob(_SHIFT)])
            + layer("conv1/7x7_s2", "Convolution", [blob(_KERNEL), blob(_BIAS)])
        )
        path = self.write("x.caffemodel", content)
        found = caffe_files.read(path)
        self.assertEqual(set(found), set(_EXPECTED))
        for name, value in _EXPECTED.items():
            np.testing.assert_allclose(found[name].read(), value, rtol=1e-6)

    def test_a_cut_file_is_damage_wherever_it_is_cut(self):
        whole = layer("a", "Convolution", [blob(_KERNEL), blob(_BIAS)])
        for size in range(1, len(whole)):
            path = self.write("x.caffemodel", whole[:size])
            with self.assertRaisesRegex(InputError, "damaged") as caught:
                caffe_files.read(path)
            self.assertNotIn("\n", str(caught.exception))

    def test_other_damage_is_told(self):
        kernel = blob(_KERNEL)
        for content, words in (
            (b"no model at all", "damaged"),
            (field(1, b"only a name"), "no weights in it"),
            (layer("a", "Convolution", [kernel[:-4] + kernel[:0]]), "damaged"),
            (
                layer("a", "Convolution", [field(7, field(1, b"\x05"))]),
                r"a has 0 numbers for shape \(5,\)",
            ),
            (
                layer("a", "Scale", [kernel]) + layer("a", "Scale", [kernel]),
                "two layers have a.weight",
            ),
            (field(2, field(1, field(1, b"old"))), "upgrade_net_proto_binary"),
        ):
            path = self.write("x.caffemodel", content)
            with self.assertRaisesRegex(InputError, words):
                caffe_files.read(path)

    def test_unknown_blobs_keep_a_name(self):
        content = layer("p", "Odd", [made_up_weights.blob(_BIAS)] * 3)
        found = caffe_files.read(self.write("x.caffemodel", content))
        self.assertEqual(list(found), ["p.blob0", "p.blob1", "p.blob2"])


if __name__ == "__main__":
    absltest.main()
