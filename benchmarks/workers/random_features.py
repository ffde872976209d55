"""Writes features of videos and their annotations, for fsn train.

random_features.py FOLDER VIDEOS SNIPPETS SIZE [CLASSES]

FOLDER/features/VIDEO.npy, which fsn prepare takes, and FOLDER/truth.csv.
"""

import pathlib
import sys

import numpy as np
import shapes


def main():
    folder = pathlib.Path(sys.argv[1])
    videos, snippets, size = map(int, sys.argv[2:5])
    classes = int(sys.argv[5]) if len(sys.argv) > 5 else shapes.CLASSES
    random = np.random.default_rng(0)
    (folder / "features").mkdir(parents=True)
    lines = ["video,label,start,end"]
    seconds = snippets * shapes.SNIPPET_FRAMES / 25
    for number in range(videos):
        rows = random.standard_normal((snippets, size)).astype(np.float32)
        np.save(folder / "features" / f"v{number:05d}.npy", rows)
        for start in np.arange(0, seconds - 3, 6):
            label = random.integers(classes)
            lines.append(f"v{number:05d},a{label:02d},{start},{start + 3}")
    (folder / "truth.csv").write_text("\n".join(lines) + "\n")


main()
