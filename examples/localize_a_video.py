# %% [markdown]
# # Which actions a video shows, and how well they were found
#
# Three files lie beside this one, or put your own names here: a model that
# `fsn export` or `fsn train` made, a video, and its annotations as a CSV of
# video, start, end, label. Editors run it cell by cell, Python as a whole.

# %%
from fsn_tf import annotations
from fsn_tf import segments
from fsn_tf.evaluation import metrics
from fsn_tf.grouping import suppression
from fsn_tf.grouping import thresholds
from fsn_tf.timeline.localizer import Localizer

MODEL, VIDEO, ANNOTATIONS = "fsn_rgb", "game.mp4", "game.csv"

# %% Load once, then call for each video
localizer = Localizer(MODEL)
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

# %% Frame mAP takes two arrays: scores, and which classes a frame shows
truth = annotations.read(ANNOTATIONS, classes=found.classes)
labels = segments.frame_labels(
    truth.instances,
    truth.classes,
    num_frames=len(found.scores),
    fps=found.fps,
)
frame_map, frame_ap = metrics.frame_map(found.scores, labels)
print(f"frame mAP {frame_map:.3f}")

# %% Segment mAP wants every candidate, as the paper makes them
(name,) = truth.videos
candidates = thresholds.detections(
    [(name, found.scores, found.fps)], found.classes
)
candidates = suppression.non_maximum_suppression(candidates, 0.4)
segment_map, segment_ap = metrics.segment_map(truth, candidates, tiou=0.5)
print(f"segment mAP at tIoU 0.5: {segment_map:.3f}")
