"""UCF101 from what tensorflow-datasets downloads.

The videos themselves are read, with the official split lists, rather than the
examples that tensorflow-datasets builds of them: those have no names, and a
video that is not there vanishes among them.
"""

import dataclasses
import os
import pathlib
import re

from fsn_tf import files
from fsn_tf import quietly
from fsn_tf.annotations import video_labels
from fsn_tf.errors import InputError
from fsn_tf.errors import UsageError

# Videos of the official lists; together 13,320 in each split.
NUM_VIDEOS = {
    "trainlist01": 9537,
    "testlist01": 3783,
    "trainlist02": 9586,
    "testlist02": 3734,
    "trainlist03": 9624,
    "testlist03": 3696,
}


@dataclasses.dataclass(frozen=True)
class Part:
    """The training or test videos of a split.

    Attributes:
        name: Of the official list, such as trainlist01.
        classes: Names in their official order.
        labels: {video: class}, in name order. The video is called as its
            file is; one that is missing is called as in the list.
        paths: Of the videos that are there.
        missing: A line on each one that is not.
    """

    name: str
    classes: tuple[str, ...]
    labels: dict[str, str]
    paths: tuple[pathlib.Path, ...]
    missing: tuple[str, ...]


def list_name(config: str, part: str) -> str:
    """("ucf101/ucf101_1", "train") -> "trainlist01".

    Raises:
        UsageError: There is no such configuration.
    """
    found = re.fullmatch(r"ucf101/ucf101_([123])", config)
    if not found:
        raise UsageError(
            f"{config}: expected ucf101/ucf101_1, _2 or _3, by the number of "
            "the split (--size says how large frames are stored)"
        )
    return f"{part}list0{found[1]}"


def find(folder: pathlib.Path | str, name: str) -> Part:
    """Finds the videos of an official list, wherever in a folder they are.

    Args:
        folder: Data folder of tensorflow-datasets, or any other that holds
            the videos and the lists, packed out.
        name: Of the list, a key of NUM_VIDEOS.

    Returns:
        Part.

    Raises:
        InputError: The list, or every video, is missing; or the list is not
            the official one.
    """
    lists, videos = _index(folder, name)
    if not lists or not videos:
        what = "videos" if lists else f"{name}.txt"
        raise InputError(
            f"{folder}: holds no {what} of UCF101, packed out; --download "
            "fetches it with tensorflow-datasets (7 GB)"
        )
    truth = video_labels.read(lists[0])
    if len(truth.videos) != NUM_VIDEOS[name]:
        raise InputError(
            f"{lists[0]}: expected {NUM_VIDEOS[name]} videos, got "
            f"{len(truth.videos)}"
        )
    labels, paths, missing = {}, [], []
    for video in truth.videos:
        # Lists write v_HandStandPushups where files may have a small s.
        path = videos.get(video.lower())
        if path is None:
            missing.append(f"{video}: is in {name}.txt, but not in {folder}")
        else:
            paths.append(path)
        labels[path.stem if path else video] = truth.labels[video][0]
    if not paths:
        raise InputError(f"{folder}: holds no video of {lists[0]}")
    return Part(name, truth.classes, labels, tuple(paths), tuple(missing))


def _index(folder, name):
    """(paths of that list, {lower-case name: path of the video})."""
    lists, videos = [], {}
    for parent, folders, names in os.walk(folder):
        # What is being packed out is not whole yet.
        folders[:] = sorted(one for one in folders if "incomplete" not in one)
        for path in (pathlib.Path(parent, one) for one in sorted(names)):
            if path.name == f"{name}.txt":
                lists.append(path)
            elif path.suffix.lower() in files.VIDEO_ENDINGS:
                videos.setdefault(path.stem.lower(), path)
    return lists, videos


def write_list(folder: pathlib.Path | str, part: Part) -> pathlib.Path:
    """Writes the list with names as prepared, and classInd.txt beside it.

    Missing videos stay in it. Returns the path of the list.
    """
    folder = pathlib.Path(folder)
    rows = [f"{label}/{video}.avi" for video, label in part.labels.items()]
    classes = [f"{x} {name}" for x, name in enumerate(part.classes, start=1)]
    files.write_text(folder / "classInd.txt", "\n".join(classes) + "\n")
    path = folder / f"{part.name}.txt"
    files.write_text(path, "\n".join(rows) + "\n")
    return path


def download(folder: pathlib.Path | str) -> None:
    """Downloads and packs out what tensorflow-datasets would, once.

    Args:
        folder: Data folder of tensorflow-datasets.

    Raises:
        InputError, OSError: It cannot be downloaded, or is damaged.
    """
    tfds = quietly.imported("tensorflow_datasets")
    source = quietly.imported("tensorflow_datasets.video.ucf101")
    manager = tfds.download.DownloadManager(
        download_dir=pathlib.Path(folder).expanduser() / "downloads",
        url_infos=source.Ucf101.url_infos,
        dataset_name="ucf101",
    )
    try:
        manager.download_and_extract([source.SPLITS_URL, source.UCF_101_URL])
    except OSError:
        raise
    except Exception as error:
        # tensorflow-datasets has errors of many kinds, without a common one.
        raise InputError(f"{folder}: {quietly.reason(error)}") from error
