"""Flags that several commands have, each defined in one place.

Every function defines its flag among those of a command, `given`, with what
the flag means there, and returns the holder of its value.
"""

from absl import flags

from fsn_tf.prediction import precisions

# A flag is listed with the command that asks for it, not with this module.
flags.disclaim_key_flags()


def out(
    given: flags.FlagValues,
    meaning: str = "Folder to write to.",
    *,
    default: str | None = None,
    required: bool = True,
) -> flags.FlagHolder:
    """--out, where results go."""
    _cache(given)
    return flags.DEFINE_string(
        "out",
        default,
        meaning,
        required=required and default is None,
        flag_values=given,
    )


def videos(
    given: flags.FlagValues,
    meaning: str = "Folder of videos.",
    *,
    required: bool = True,
) -> flags.FlagHolder:
    """--videos, a folder, names, or a list of them."""
    return _text("videos", meaning, required, given)


def annotations(
    given: flags.FlagValues, meaning: str, *, required: bool = True
) -> flags.FlagHolder:
    """--annotations, a path that fsn_tf.annotations reads."""
    return _text("annotations", meaning, required, given)


def subset(given: flags.FlagValues, meaning: str) -> flags.FlagHolder:
    """--subset, of an ActivityNet JSON; all of it if not given."""
    return _text("subset", meaning, False, given)


def group(given: flags.FlagValues) -> flags.FlagHolder:
    """--group, which videos belong together."""
    return _text(
        "group",
        "Regular expression: videos in whose names it, or the first pair of "
        r"parentheses in it, takes the same are a group, as with '_g(\d+)_' in "
        "UCF101.",
        False,
        given,
    )


def background(given: flags.FlagValues, meaning: str) -> flags.FlagHolder:
    """--background, the class among frame labels that is no action."""
    return _text("background", meaning, False, given)


def mapping(given: flags.FlagValues, meaning: str) -> flags.FlagHolder:
    """--mapping, MS-TCN's list of the classes of frame labels."""
    return _text("mapping", meaning, False, given)


def prepared(
    given: flags.FlagValues,
    meaning: str = "What fsn prepare made.",
    *,
    required: bool = True,
) -> flags.FlagHolder:
    """--prepared, a folder of snippet files."""
    return _text("prepared", meaning, required, given)


def workdir(
    given: flags.FlagValues,
    meaning: str = "What fsn train made.",
    *,
    required: bool = True,
) -> flags.FlagHolder:
    """--workdir, a folder of checkpoints."""
    return _text("workdir", meaning, required, given)


def _text(name, meaning, required, given):
    _cache(given)
    return flags.DEFINE_string(
        name, None, meaning, required=required, flag_values=given
    )


def _cache(given):
    """--cache, of every command that takes paths."""
    if "cache" not in given:
        flags.DEFINE_string(
            "cache",
            None,
            "Folder for copies of what lies on object storage, where a path "
            "is a URL such as s3://BUCKET/PATH; ~/.cache/fsn_tf if not given.",
            flag_values=given,
        )


def checkpoint(given: flags.FlagValues) -> flags.FlagHolder:
    """--checkpoint, which weights of a workdir."""
    return flags.DEFINE_enum(
        "checkpoint",
        "last",
        ["last", "best"],
        "Which weights; best is the best by validation or, where there was "
        "none, of the lowest training loss.",
        flag_values=given,
    )


def precision(given: flags.FlagValues) -> flags.FlagHolder:
    """--precision, what a network computes in."""
    return flags.DEFINE_enum(
        "precision",
        "float32",
        precisions.PRECISIONS,
        "Numbers that the network computes with; bfloat16 is faster on CPUs "
        "that have its instructions, and rounds probabilities.",
        flag_values=given,
    )


def source_fps(given: flags.FlagValues) -> flags.FlagHolder:
    """--source_fps, which folders of frames do not say themselves."""
    return flags.DEFINE_float(
        "source_fps",
        None,
        "Frames per second of folders of JPEGs.",
        1,
        1000,
        flag_values=given,
    )


def fusion_weights(given: flags.FlagValues, of_what: str) -> flags.FlagHolder:
    """--fusion_weights, numbers with commas between them."""
    return flags.DEFINE_list(
        "fusion_weights",
        None,
        f"A weight for each {of_what}; equal if not given.",
        flag_values=given,
    )


def steps(given: flags.FlagValues) -> flags.FlagHolder:
    """--steps, of every training run of a table."""
    return flags.DEFINE_integer(
        "steps",
        None,
        "Training steps, instead of those of the experiments.",
        1,
        flag_values=given,
    )


def seeds(given: flags.FlagValues) -> flags.FlagHolder:
    """--seeds of training runs; numbers.checked_seeds reads them."""
    return flags.DEFINE_list(
        "seeds",
        ["1"],
        "Seeds; each trains every network anew.",
        flag_values=given,
    )


def seed(given: flags.FlagValues, meaning: str) -> flags.FlagHolder:
    """--seed, a whole number from 0 on."""
    return flags.DEFINE_integer("seed", 0, meaning, 0, flag_values=given)


def num_resamples(given: flags.FlagValues) -> flags.FlagHolder:
    """--num_resamples of a bootstrap."""
    return flags.DEFINE_integer(
        "num_resamples",
        1000,
        "How often the test videos are drawn again.",
        lower_bound=1,
        flag_values=given,
    )


def train_videos(
    given: flags.FlagValues, meaning: str, least: int
) -> flags.FlagHolder:
    """--train_videos of the embedded benchmark."""
    return flags.DEFINE_integer(
        "train_videos", 24, meaning, least, flag_values=given
    )


def test_videos(
    given: flags.FlagValues, meaning: str, least: int
) -> flags.FlagHolder:
    """--test_videos of the embedded benchmark."""
    return flags.DEFINE_integer(
        "test_videos", 12, meaning, least, flag_values=given
    )


def clips_per_class(
    given: flags.FlagValues, meaning: str, least: int
) -> flags.FlagHolder:
    """--clips_per_class of the embedded benchmark."""
    return flags.DEFINE_integer(
        "clips_per_class", 16, meaning, least, flag_values=given
    )
