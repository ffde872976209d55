"""A small data set in MS-TCN's folder layout, with features of each fold."""

import numpy as np

CLASSES = ("background", "cut", "mix")
VIDEOS = {"a": 30, "b": 40, "c": 35, "d": 25}
# Which videos each fold tests.
FOLDS = {"split1": ("a", "c"), "split2": ("b", "d")}


def write(case, folder="data"):
    """Writes it into a temporary_files.TestCase; returns (path, labels).

    In the features of each fold another number is the highest where a frame
    shows a class, so that what one fold teaches misleads in another.

    Returns:
        (path of the folder, {video: (F,) int, the class of every frame}).
    """
    rng = np.random.default_rng(0)
    lines = [f"{number} {name}" for number, name in enumerate(CLASSES)]
    case.write(f"{folder}/mapping.txt", "\n".join(lines) + "\n")
    labels = {
        video: np.repeat(rng.integers(0, 3, frames // 5), 5)
        for video, frames in VIDEOS.items()
    }
    for video, of_video in labels.items():
        names = "".join(f"{CLASSES[label]}\n" for label in of_video)
        case.write(f"{folder}/groundTruth/{video}.txt", names)
    path = case.folder / folder
    for shift, (fold, tested) in enumerate(FOLDS.items()):
        for part in ("train", "test"):
            listed = [v for v in VIDEOS if (v in tested) == (part == "test")]
            case.write(
                f"{folder}/splits/{part}.{fold}.bundle",
                "".join(f"{video}.txt\n" for video in listed),
            )
        (path / "features" / fold).mkdir(parents=True)
        for video, of_video in labels.items():
            seen = np.eye(3)[(of_video + shift) % 3]
            seen += 0.1 * rng.normal(size=seen.shape)
            np.save(
                path / "features" / fold / f"{video}.npy",
                seen.T.astype(np.float32),
            )
    return path, labels
