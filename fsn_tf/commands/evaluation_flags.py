"""The flags of `fsn evaluate`."""

from absl import flags

from fsn_tf.annotations import test_sets
from fsn_tf.commands import list_flags
from fsn_tf.commands import shared_flags
from fsn_tf.evaluation import cdc
from fsn_tf.evaluation import protocols
from fsn_tf.evaluation import settings
from fsn_tf.grouping import fusion
from fsn_tf.grouping import thresholds

FLAGS = flags.FlagValues()
SCORES = flags.DEFINE_list(
    "scores",
    None,
    "Folders of score files, one per stream; several are fused.",
    flag_values=FLAGS,
)
FUSION_WEIGHTS = shared_flags.fusion_weights(FLAGS, "folder of scores")
FUSION = flags.DEFINE_enum(
    "fusion",
    "probabilities",
    list(fusion.FUSIONS),
    "Of what several streams are averaged: probabilities, after the softmax, "
    "or scores, before it (choice C17).",
    flag_values=FLAGS,
)
DETECTIONS = flags.DEFINE_string(
    "detections",
    None,
    "Detections instead of scores: JSON of ActivityNet, OpenTAD or MMAction2, "
    "CSV, the text of the THUMOS'14 kit, or ActionFormer's pickle, which is "
    "read without being run. The content says which it is.",
    flag_values=FLAGS,
)
CLASS_LIST = flags.DEFINE_string(
    "class_list",
    None,
    "What class ids in --detections mean: a file of rows CLASS, counted from "
    "0, or ID CLASS. Without it label_id in the annotations says so, or else "
    "the annotated classes count from 0 (in the kit's text from 1).",
    flag_values=FLAGS,
)
ANNOTATIONS = shared_flags.annotations(
    FLAGS,
    "Ground truth: a THUMOS'14 kit folder, an ActivityNet JSON or a CSV. For "
    "--protocol=segmentation frame labels: a folder of VIDEO.txt, a line a "
    "frame, or an .npz with the arrays label and length. For "
    "--protocol=classification also a folder of class folders, or a split "
    "list of UCF101.",
)
SUBSET = shared_flags.subset(
    FLAGS, "Which videos of an ActivityNet JSON count, such as validation."
)
OUT = shared_flags.out(FLAGS, "Folder for the results.")
PROTOCOL = flags.DEFINE_list(
    "protocol",
    [protocols.THUMOS14.name],
    "How segment mAP is computed: "
    f"{', '.join(protocols.PROTOCOLS)}; or multilabel or oad, frame mAP "
    "alone; spotting, moments at tolerances of frames; phases or "
    "segmentation, where every frame has one class and there is no mAP; or "
    "classification of whole videos. Several with commas between them are "
    "put side by side.",
    flag_values=FLAGS,
)
FPS = flags.DEFINE_float(
    "fps",
    25.0,
    "For --protocol=spotting, frames per second in which tolerances count; "
    "with --meaning, in which errors of starts and ends do.",
    lower_bound=0.001,
    flag_values=FLAGS,
)
TOLERANCE = flags.DEFINE_list(
    "tolerance",
    ["0", "1", "2", "4"],
    "For --protocol=spotting, how many frames off is still right.",
    flag_values=FLAGS,
)
TIOU = flags.DEFINE_list(
    "tiou",
    [f"{tiou:g}" for tiou in settings.TIOUS],
    "Overlaps at which segment mAP is computed.",
    flag_values=FLAGS,
)
NMS = flags.DEFINE_boolean(
    "nms",
    True,
    "Suppress overlapping detections, at tIoU - 0.1.",
    flag_values=FLAGS,
)
CONFIDENCE = flags.DEFINE_enum(
    "confidence",
    "mean",
    thresholds.CONFIDENCES,
    "A segment's score: mean or max of its frames' (choice C20).",
    flag_values=FLAGS,
)
THRESHOLD = flags.DEFINE_float(
    "threshold",
    None,
    "Group frames above this alone, as fsn localize does, instead of at the "
    "paper's eleven thresholds; adds precision, recall and F1 of segments.",
    0,
    1,
    flag_values=FLAGS,
)
TUNE_THRESHOLDS = flags.DEFINE_string(
    "tune_thresholds",
    None,
    "Choose a threshold for each class on these videos, and write them to "
    "thresholds.json for --thresholds: f1 for the best F1 of segments, "
    "precision:0.9 for the best recall of that precision, or recall:0.9.",
    flag_values=FLAGS,
)
list_flags.define(FLAGS)
SMOOTHING = flags.DEFINE_enum(
    "smoothing",
    "none",
    cdc.SMOOTHINGS,
    "max5 takes the maximum of five frames' scores, as CDC (choice C23).",
    flag_values=FLAGS,
)
COPY_CLIFF_DIVING = flags.DEFINE_boolean(
    "copy_cliff_diving",
    False,
    "Diving scores at least what CliffDiving does, and each CliffDiving "
    "detection is one of Diving too, as CDC (choice C22).",
    flag_values=FLAGS,
)
TEST_VIDEOS = flags.DEFINE_enum(
    "test_videos",
    "213",
    [str(number) for number in test_sets.WITHOUT],
    "Which of THUMOS'14's test videos count: 212 is without 0001292, 211 "
    "without 0000270 as well, 210 without 0001496 too. 213 is whatever is "
    "annotated.",
    flag_values=FLAGS,
)
DIAGNOSIS = flags.DEFINE_boolean(
    "diagnosis",
    True,
    "Say where mAP is lost: by length and number of instances, and by kind "
    "of false positive.",
    flag_values=FLAGS,
)
MEANING = flags.DEFINE_boolean(
    "meaning",
    False,
    "Say what the figures mean: what chance alone reaches, an interval by "
    "videos drawn again, and where they are lost.",
    flag_values=FLAGS,
)
NUM_RESAMPLES = shared_flags.num_resamples(FLAGS)
SEED = shared_flags.seed(FLAGS, "For --meaning, of draws and of chance.")
PREDICTED_LABELS = flags.DEFINE_string(
    "predicted_labels",
    None,
    "For --protocol=segmentation, frame labels instead of scores: files as "
    "for --annotations, the .npz with pred or scores instead of label; or "
    "a folder of MS-TCN's predictions.",
    flag_values=FLAGS,
)
BACKGROUND = shared_flags.background(
    FLAGS,
    "For --protocol=segmentation, the class that edit score and F1 leave "
    "out: its name or index; several with commas between them.",
)
MAPPING = shared_flags.mapping(
    FLAGS,
    "For --protocol=segmentation and folders of VIDEO.txt, MS-TCN's list of "
    "the classes.",
)
VIDEOS = shared_flags.videos(
    FLAGS,
    "For --protocol=segmentation and a folder of VIDEO.txt, MS-TCN's list of "
    "the annotated videos that count, such as splits/test.split1.bundle.",
    required=False,
)
FAIL_BELOW = flags.DEFINE_list(
    "fail_below",
    [],
    "Exit with 1 where a figure is below a limit, such as 0.5:0.3,frame:0.4: "
    "segment mAP at tIoU 0.5, frame mAP; or the name of any measure, as "
    "protocols.json has it. Results are written all the same.",
    flag_values=FLAGS,
)
PAGE = flags.DEFINE_boolean(
    "page",
    False,
    "Write report.html as well: curves, classes, where mAP is lost, and the "
    "worst videos, in one file for a browser.",
    flag_values=FLAGS,
)
