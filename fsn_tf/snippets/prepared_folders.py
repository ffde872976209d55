"""What fsn prepare made, of any stream: images or features."""

from fsn_tf.errors import InputError
from fsn_tf.snippets import feature_files
from fsn_tf.snippets import snippet_files


def scan(prepared, stream):
    """Every video of a stream, and what is wrong with the damaged ones.

    Args:
        prepared: Folder that `fsn prepare` made.
        stream: "rgb", "flow" or "features".

    Returns:
        ({name: snippet_files.SnippetFile or feature_files.FeatureFile},
        {name: InputError}), in name order.

    Raises:
        InputError: There is none.
    """
    if stream == feature_files.STREAM:
        return feature_files.scan(prepared)
    return snippet_files.scan(prepared, stream)


def index(prepared, stream):
    """As scan, {name: ...} alone.

    Raises:
        InputError: There is none, or one is damaged.
    """
    found, damaged = scan(prepared, stream)
    if damaged:
        raise damaged[min(damaged)]
    return found


def first_damage(videos):
    """Reads files through; a line on the first that is damaged.

    Args:
        videos: Iterable of snippet_files.SnippetFile or
            feature_files.FeatureFile.

    Returns:
        A line that names the file, or an empty string if all are whole.
    """
    for video in videos:
        try:
            if isinstance(video, feature_files.FeatureFile):
                feature_files.load(video)
            else:
                snippet_files.check(video)
        except InputError as error:
            return str(error)
    return ""
