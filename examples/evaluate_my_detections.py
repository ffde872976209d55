# %% [markdown]
# # How good my detections are
#
# Two files lie beside this one, or put your own names here: annotations, a CSV
# of video, start, end, label (or an ActivityNet JSON, or a THUMOS'14 kit
# folder), and detections, the same with a score (or ActivityNet's results, or
# the kit's text). Times are in seconds. Editors run it cell by cell, Python as
# a whole.

# %%
import fsn_tf

ANNOTATIONS, DETECTIONS = "truth.csv", "found.csv"

# %% Read both; what is wrong in a file is named with its line
truth = fsn_tf.read_annotations(ANNOTATIONS)
found = fsn_tf.read_detections(
    DETECTIONS, classes=truth.classes, videos=truth.videos
)
print(f"{len(found)} detections of {len(truth.instances)} instances")

# %% Detections may as well come from Python
more = fsn_tf.Detections.from_rows(
    [(truth.videos[0], truth.classes[0], 1.0, 2.5, 0.1)], classes=truth.classes
)
print(more.rows())

# %% mAP as THUMOS'14 counts it; nms=False keeps detections that overlap
result = fsn_tf.evaluate(found, truth, protocol="thumos14", nms=False)
for note in result.notes:
    print(f"note: {note}")
for tiou, mean in result.segment_map.items():
    print(f"mAP at tIoU {tiou}: {mean:.3f}")

# %% Which classes are hard
by_class = result.segment_ap[0.5]
for name, average_precision in sorted(by_class.items()):
    # A class without an instance has none.
    shown = "-" if average_precision is None else f"{average_precision:.3f}"
    print(f"{name:<20} {shown}")
