"""The figures of the paper: Tables 1 to 5, mAP in percent on THUMOS'14."""

import dataclasses

SOURCE = (
    "Yang et al., Exploring Frame Segmentation Networks for Temporal Action "
    "Localization"
)
DATASET = "THUMOS'14"

# fingerprints.of_annotations of the kit's 213 test videos.
THUMOS14_TEST_SHA256 = (
    "544a37d8bd38f2d625f179cea8138fbafdd729fbe874df0faf1215d36fe40694"
)

FRAME = "frame"


@dataclasses.dataclass(frozen=True)
class Table:
    """One table.

    Attributes:
        caption: What it measures.
        columns: FRAME for frame mAP, a tIoU for segment mAP.
        rows: {method: figures}; None is a figure that does not exist.
    """

    caption: str
    columns: tuple[str, ...]
    rows: dict[str, tuple]


_STRONG = ("0.3", "0.4", "0.5", "0.6", "0.7")
_WEAK = ("0.1", "0.2", "0.3", "0.4", "0.5")

TABLES = {
    1: Table(
        "Frame-level action localization mAP",
        (FRAME,),
        {
            "Single-frame CNN": (34.7,),
            "Two-stream CNN": (36.2,),
            "LSTM": (39.3,),
            "MultiLSTM": (41.3,),
            "CDC": (44.4,),
            "FSN RGB": (47.5,),
            "FSN Flow": (41.4,),
            "FSN": (53.5,),
        },
    ),
    2: Table(
        "Segment-level action localization mAP",
        _STRONG,
        {
            "Wang et al.": (14.6, 12.1, 8.5, 4.7, 1.5),
            "Heilbron et al.": (None, None, 13.5, None, None),
            "Escorcia et al.": (None, None, 13.9, None, None),
            "Oneata et al.": (28.8, 21.8, 15.0, 8.5, 3.2),
            "Richard and Gall": (30.0, 23.2, 15.2, None, None),
            "Yeung et al.": (36.0, 26.4, 17.1, None, None),
            "Yuan et al.": (33.6, 26.1, 18.8, None, None),
            "S-CNN": (36.3, 28.7, 19.0, 10.3, 5.3),
            "CDC + S-CNN": (40.1, 29.4, 23.3, 13.1, 7.9),
            "SSAD": (43.0, 35.0, 24.6, 15.4, 7.7),
            "TPC": (44.1, 37.1, 28.2, 20.6, 12.7),
            "FSN RGB": (40.7, 33.6, 24.9, 17.5, 10.6),
            "FSN Flow": (36.4, 28.0, 20.0, 11.9, 6.2),
            "FSN": (51.8, 41.5, 32.1, 22.9, 14.7),
        },
    ),
    3: Table(
        "Weakly supervised segment-level action localization mAP",
        _WEAK,
        {
            "UntrimmedNet": (44.4, 37.7, 28.2, 21.1, 13.7),
            "Video-Has": (36.4, 27.8, 19.5, 12.7, 6.8),
            "WFSN": (54.9, 48.1, 38.9, 27.8, 16.8),
        },
    ),
    # Section 4.4 adds the frame mAP.
    4: Table(
        "Strongly supervised mAP with and without temporal CNN",
        (FRAME, *_STRONG),
        {
            "RGB FSN w/o temporal CNN": (42.5, 38.2, 27.6, 19.7, 12.2, 6.9),
            "RGB FSN": (47.5, 40.7, 33.6, 24.9, 17.5, 10.6),
        },
    ),
    5: Table(
        "Weakly supervised segment-level mAP by temporal pooling",
        _WEAK,
        {
            "RGB WFSN w GAP": (38.0, 32.5, 25.0, 17.0, 9.8),
            "RGB WFSN w GMP": (44.1, 39.2, 29.6, 20.7, 11.6),
        },
    ),
}
