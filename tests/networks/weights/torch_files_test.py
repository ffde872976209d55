"""PyTorch's files, written here byte by byte; torch is not needed."""

import collections
import io
import os
import pickle
import struct
import tarfile
import zipfile

from absl.testing import absltest
import numpy as np

from fsn_tf.errors import InputError
from fsn_tf.networks.weights import formats
from fsn_tf.networks.weights import torch_files
from tests.kit import made_up_weights
from tests.kit import temporary_files

_ARRAYS = {
    "a.weight": np.arange(24, dtype="f4").reshape(2, 3, 2, 2),
    "a.num_batches_tracked": np.array(5),
    "b.bias": np.linspace(0, 1, 4),
    "c.bias": np.array([0.5, -2], "f2"),
}


class Command:
    """Unpickles by running a command of the shell."""

    def __init__(self, command):
        self._command = command

    def __reduce__(self):
        return os.system, (self._command,)


class TorchFilesTest(temporary_files.TestCase):
    def _read(self, path):
        readers = {
            formats.TORCH_ZIP: torch_files.read_zip,
            formats.TORCH_LEGACY: torch_files.read_legacy,
        }
        return readers[formats.kind(path)](path)

    def _assert_reads(self, path, arrays=_ARRAYS):
        found = self._read(path)
        self.assertEqual(list(found), list(arrays))
        for name, array in arrays.items():
            self.assertEqual(found[name].shape, array.shape)
            np.testing.assert_array_equal(found[name].read(), array)

    def _assert_refuses(self, path, words):
        with self.assertRaisesRegex(InputError, words) as caught:
            for stored in self._read(path).values():
                stored.read()
        self.assertNotIn("\n", str(caught.exception))
        self.assertIn(str(path), str(caught.exception))

    def test_names_a_pointer_of_git_lfs(self):
        text = "version https://git-lfs.github.com/spec/v1\noid sha256:a\n"
        for name in ("a.pth", "a.caffemodel", "a.weights.h5"):
            self._assert_refuses(self.write(name, text), "run git lfs pull")

    def test_reads_both_formats_of_every_pickle_protocol(self):
        state, storages = made_up_weights.torch_state(_ARRAYS)
        path = self.folder / "x.pth"
        for protocol in (2, 3, 4, 5):
            for wrapped in (state, {"epoch": 3, "state_dict": state}):
                for write in (
                    made_up_weights.write_torch_zip,
                    made_up_weights.write_torch_legacy,
                ):
                    write(path, wrapped, storages, protocol=protocol)
                    self._assert_reads(path)

    def test_follows_offsets_strides_and_shared_storages(self):
        numbers = np.arange(12, dtype="f4")
        view = made_up_weights.View
        state = {
            "transposed": view("0", 0, (4, 3), (1, 4), "Float"),
            "tail": view("0", 8, (2, 2), (2, 1), "Float"),
            "repeated": view("0", 5, (3,), (0,), "Float"),
            "empty": view("0", 12, (0, 3), (3, 1), "Float"),
        }
        expected = {
            "transposed": numbers.reshape(3, 4).T,
            "tail": numbers[8:].reshape(2, 2),
            "repeated": np.full(3, 5),
            "empty": np.zeros((0, 3)),
        }
        path = self.folder / "x.pth"
        for write in (
            made_up_weights.write_torch_zip,
            made_up_weights.write_torch_legacy,
        ):
            write(path, state, {"0": numbers.tobytes()})
            self._assert_reads(path, expected)

    def test_bfloat16_is_the_upper_half_of_a_float32(self):
        # Sign, eight bits of exponent, seven of mantissa.
        halves = struct.pack("<3H", 0x3F80, 0xC020, 0x3F81)
        state = {"a": made_up_weights.View("0", 0, (3,), (1,), "BFloat16")}
        path = self.folder / "x.pth"
        made_up_weights.write_torch_zip(path, state, {"0": halves})
        self._assert_reads(path, {"a": np.array([1, -2.5, 1 + 2**-7])})

    def test_a_view_beyond_its_storage_is_damage(self):
        path = self.folder / "x.pth"
        for view in (
            made_up_weights.View("0", 1, (4,), (1,), "Float"),
            made_up_weights.View("0", 0, (2, 2), (3, 1), "Float"),
            made_up_weights.View("0", -1, (2,), (1,), "Float"),
            made_up_weights.View("0", 0, (2**30, 2**30), (1, 1), "Float"),
        ):
            made_up_weights.write_torch_zip(
                path, {"a": view}, {"0": b"1234" * 4}
            )
            self._assert_refuses(path, "damaged")

    def test_a_malicious_pickle_is_refused_by_name_and_runs_nothing(self):
        mark = self.folder / "ran"
        path = self.folder / "x.pth"
        for protocol in range(6):
            pickled = pickle.dumps(Command(f"touch {mark}"), protocol)
            system = f"refused, nothing was run.*{os.name}.system"
            path.write_bytes(pickled)
            self._assert_refuses(path, system)
            made_up_weights.write_zip(path, pickled)
            self._assert_refuses(path, system)
        state, storages = made_up_weights.torch_state(_ARRAYS)
        state["evil"] = Command(f"touch {mark}")
        for write in (
            made_up_weights.write_torch_zip,
            made_up_weights.write_torch_legacy,
        ):
            write(
                path, {"meta": [state["evil"]], "state_dict": state}, storages
            )
            self._assert_refuses(path, system)
        self.assertFalse(mark.exists())

    def test_other_ways_to_a_name_are_refused_too(self):
        path = self.folder / "x.pth"
        for pickled, name in (
            # STACK_GLOBAL with a dotted name, behind an allowed module.
            (
                b"\x80\x04\x8c\x05torch\x8c\x10_utils.os.system\x93.",
                "torch._utils.os.system",
            ),
            (b"\x80\x02ctorch\n_utils._rebuild_tensor_v2\n.", "torch._utils"),
            (b"\x80\x02cbuiltins\ngetattr\n.", "builtins.getattr"),
            # Python 2's name of the same module; INST instead of GLOBAL.
            (b"\x80\x02c__builtin__\neval\n.", "__builtin__.eval"),
            (b"\x80\x02(S'true'\nios\nsystem\n.", "os.system"),
            (b"\x80\x02cargparse\nNamespace\n.", "argparse.Namespace"),
        ):
            made_up_weights.write_zip(path, pickled)
            self._assert_refuses(path, f"pickle names {name}")

    def test_what_is_allowed_cannot_be_changed_by_a_pickle(self):
        path = self.folder / "x.pth"
        # BUILD: sets attributes of the function that makes tensors.
        build = (
            b"\x80\x02ctorch._utils\n_rebuild_tensor_v2\n"
            b"N}X\x08\x00\x00\x00functionX\x01\x00\x00\x00xs\x86b."
        )
        # BINPUT far beyond what was put: would make a table of that size.
        memo = b"\x80\x02}r\xff\xff\xff\x7f."
        # A string that claims 2**60 bytes.
        long = b"\x80\x04\x8d" + struct.pack("<q", 2**60) + b"x."
        for pickled in (build, memo, long):
            made_up_weights.write_zip(path, pickled)
            self._assert_refuses(path, "damaged or cut short")

    def test_half_a_file_is_damage(self):
        state, storages = made_up_weights.torch_state(_ARRAYS)
        path = self.folder / "x.pth"
        for write in (
            made_up_weights.write_torch_zip,
            made_up_weights.write_torch_legacy,
        ):
            write(path, state, storages)
            whole = path.read_bytes()
            for share in (0.05, 0.3, 0.5, 0.9, 0.99):
                path.write_bytes(whole[: int(len(whole) * share)])
                self._assert_refuses(path, "damaged or cut short")

    def test_a_changed_byte_of_a_zip_file_is_damage(self):
        state, storages = made_up_weights.torch_state(_ARRAYS)
        path = self.folder / "x.pth"
        made_up_weights.write_torch_zip(path, state, storages)
        content = bytearray(path.read_bytes())
        content[content.index(storages["0"]) + 9] ^= 1
        path.write_bytes(content)
        self._assert_refuses(path, "damaged.*CRC")

    def test_big_endian_files_are_refused(self):
        state, storages = made_up_weights.torch_state(_ARRAYS)
        path = self.folder / "x.pth"
        made_up_weights.write_torch_zip(path, state, storages, order=b"big")
        self._assert_refuses(path, "big-endian")
        made_up_weights.write_torch_legacy(path, state, storages, little=False)
        self._assert_refuses(path, "big-endian")

    def test_a_zip_bomb_is_refused(self):
        view = made_up_weights.View("0", 0, (2**20,), (1,), "Float")
        zeros = {"0": bytes(2**22)}
        pickled = made_up_weights.torch_pickle({"a": view}, zeros)
        path = self.folder / "x.pth"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("archive/data.pkl", pickled)
            archive.writestr("archive/data/0", zeros["0"])
        self._assert_refuses(path, "compressed")

    def test_other_files_are_told_apart(self):
        path = self.folder / "x.pth"
        with tarfile.open(path, "w") as archive:
            info = tarfile.TarInfo("storages")
            archive.addfile(info, io.BytesIO())
        self._assert_refuses(path, "tar format of PyTorch before 0.1.10")
        path.write_bytes(pickle.dumps({"a": 1}))
        self._assert_refuses(path, "not one of torch.save")
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("holiday.jpg", b"")
        self._assert_refuses(path, "not one of torch.save")
        path.write_bytes(b"")
        self._assert_refuses(path, "empty")
        made_up_weights.write_torch_zip(path, {"epoch": 3, "lr": 0.1}, {})
        self._assert_refuses(path, "no state dict; its entries are: epoch, lr")

    def test_a_pickled_module_is_refused_with_what_to_do(self):
        path = self.folder / "x.pth"
        module = b"\x80\x02ctorch.nn.modules.conv\nConv2d\n)\x81."
        made_up_weights.write_zip(path, module)
        self._assert_refuses(
            path, r"torch.nn.modules.conv.Conv2d.*save its state_dict\(\) alone"
        )

    def test_numbers_of_numpy_beside_the_tensors_do_not_matter(self):
        state, storages = made_up_weights.torch_state(_ARRAYS)
        meta = {"best": np.float64(0.7), "classes": np.arange(3)}
        path = self.folder / "x.pth"
        for protocol in (2, 4):
            made_up_weights.write_torch_zip(
                path,
                {"meta": meta, "state_dict": state},
                storages,
                protocol=protocol,
            )
            self._assert_reads(path)

    def test_ordered_dicts_and_plain_ones_are_the_same(self):
        state, storages = made_up_weights.torch_state(_ARRAYS)
        path = self.folder / "x.pth"
        for kind in (dict, collections.OrderedDict):
            made_up_weights.write_torch_zip(path, kind(state), storages)
            self._assert_reads(path)


if __name__ == "__main__":
    absltest.main()
