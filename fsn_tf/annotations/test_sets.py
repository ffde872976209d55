"""The sets of THUMOS'14 test videos that papers report on."""

from fsn_tf import errors
from fsn_tf import segments

# Videos that each set lacks. 0001292 has nothing but ambiguous instances;
# most instances of 0000270 lie after its end.
WITHOUT: dict[int, tuple[str, ...]] = {
    213: (),
    212: ("video_test_0001292",),
    211: ("video_test_0000270", "video_test_0001292"),
    210: ("video_test_0000270", "video_test_0001292", "video_test_0001496"),
}


def chosen(
    annotations: segments.Annotations, number: int
) -> segments.Annotations:
    """The annotations of one of these sets.

    Args:
        annotations: segments.Annotations of the whole test set.
        number: A key of WITHOUT; 213 takes all that is annotated, in
            whatever data set.

    Raises:
        InputError: A video to leave out is not there to be left out.
    """
    dropped = set(WITHOUT[number])
    missing = sorted(dropped - set(annotations.videos))
    if missing:
        raise errors.InputError(
            f"the {number} test videos are THUMOS'14's without "
            f"{', '.join(sorted(dropped))}; {missing[0]} is not annotated here"
        )
    return annotations.of_videos(set(annotations.videos) - dropped)
