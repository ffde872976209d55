# %% [markdown]
# # Which actions a video shows, and how well they were found
#
# Three files lie beside this one, or put your own names here: a model that
# `fsn export` or `fsn train` made, a video, and its annotations as a CSV of
# video, start, end, label. Editors run it cell by cell, Python as a whole.

# %%
import fsn_tf
from fsn_tf.grouping.frame_scores import FrameScores

MODEL, VIDEO, ANNOTATIONS = "fsn_rgb", "game.mp4", "game.csv"

# %% Load once, then call for each video
localizer = fsn_tf.Localizer(MODEL)
found = localizer(VIDEO, threshold=0.5)

for one in found.segments:
    print(
        f"{one.start_seconds:8.2f} s to {one.end_seconds:8.2f} s  "
        f"{one.label}  {one.score:.3f}"
    )

# %% Scores are an array: frames x classes
print(found.scores.shape, "at", found.fps, "frames per second")

for name, probabilities in zip(found.classes, found.scores.T, strict=True):
    frame = probabilities.argmax()
    print(f"{name}: {probabilities[frame]:.3f} at {frame / found.fps:.2f} s")

# %% How good they are: segment mAP wants every candidate, not those above
truth = fsn_tf.read_annotations(ANNOTATIONS, classes=found.classes)
(name,) = truth.videos
scores = {name: FrameScores(found.scores, found.fps, found.classes)}
result = fsn_tf.evaluate(scores, truth, diagnose=False)
print(f"frame mAP {result.frame_map:.3f}")
print(f"segment mAP at tIoU 0.5: {result.segment_map[0.5]:.3f}")
