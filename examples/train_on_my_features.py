# %% [markdown]
# # FSN on features of my own
#
# Put your own names here: a folder of VIDEO.npy, each an array of shape
# (snippets, features) with a row for so many frames, and annotations of the
# videos to learn from and of those to test on, CSVs of video, start, end,
# label. Editors run it cell by cell, Python as a whole.

# %%
import fsn_tf
from fsn_tf.prediction import features

FEATURES, TRAINING, TEST = "my_features", "training.csv", "test.csv"
FRAMES_PER_SECOND, FRAMES_PER_ROW = 25, 8
STEPS = 2000

# %% Keep the arrays in the form that training reads
features.from_arrays(
    FEATURES,
    "prepared",
    fps=FRAMES_PER_SECOND,
    snippet_frames=FRAMES_PER_ROW,
)

# %% Train; the same again goes on where it was stopped
experiment = fsn_tf.Experiment(
    stream="features",
    snippet_frames=FRAMES_PER_ROW,
    clip_frames=7 * FRAMES_PER_ROW,
    window_stride=7 * FRAMES_PER_ROW,
    temporal_filters=128,
    learning_rate=0.001,
    steps=STEPS,
)
fsn_tf.train(
    experiment, prepared="prepared", annotations=TRAINING, workdir="run"
)

# %% Score every frame of every video
fsn_tf.predict("run", "prepared", "scores")

# %% Frame mAP and segment mAP of the test videos
scores = fsn_tf.read_scores("scores")
classes = next(iter(scores.values())).action_classes
truth = fsn_tf.read_annotations(TEST, classes=classes)
result = fsn_tf.evaluate(scores, truth)
print(f"frame mAP {result.frame_map:.3f}")
for tiou, mean in result.segment_map.items():
    print(f"segment mAP at tIoU {tiou}: {mean:.3f}")
