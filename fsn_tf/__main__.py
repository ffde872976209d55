"""The program `fsn`: one command for each stage of the work."""

import importlib
import os
import signal
import sys

from absl import flags

from fsn_tf import errors
from fsn_tf import quietly

# In the order in which a newcomer meets them.
COMMANDS = {
    "check": "videos + annotations -> what is wrong with them",
    "convert": "annotations or detections -> another tool's files",
    "split": "annotations -> parts, such as training and test videos",
    "prepare": "videos -> snippet files",
    "import-weights": "a Caffe or PyTorch file -> Keras weights",
    "train": "snippet files + annotations -> a workdir",
    "tune": "the same -> a better experiment, by validation",
    "predict": "a workdir + snippet files -> frame scores",
    "evaluate": "frame scores or detections -> metrics, report",
    "compare": "results -> is a difference more than chance?",
    "agree": "two annotators -> how well they agree",
    "reproduce": "snippet files + annotations -> the paper's tables",
    "figure": "results + videos -> timelines, SVG and PNG",
    "export": "a workdir -> a SavedModel",
    "localize": "videos + a model -> segments, subtitles, a page",
    "synthetic": "nothing -> the embedded benchmark's videos",
    "demo": "everything above, on the embedded benchmark",
}

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def usage():
    """Names every command on one line each."""
    lines = [f"  {name:<14} {text}" for name, text in COMMANDS.items()]
    return "\n".join(
        ["usage: fsn COMMAND [--FLAG=VALUE ...]", "", *lines]
        + ["", "fsn COMMAND --help shows the flags of a command."]
    )


def main(argv=None):
    """Runs one command; returns the exit status (0, 1, 2 or 130)."""
    quietly.outlast_streams()
    _heed_signals()
    status = _main(sys.argv[1:] if argv is None else list(argv))
    sys.stdout.flush()
    return status


def _heed_signals():
    """Whoever stops a machine or a terminal gets what Ctrl-C gets."""
    # Also where nohup or a shell's & has Ctrl-C ignored.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    # That it is ignored is what nohup is for; Windows has none.
    hangup = getattr(signal, "SIGHUP", None)
    if hangup and signal.getsignal(hangup) != signal.SIG_IGN:
        signal.signal(hangup, signal.default_int_handler)


def _main(arguments):
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return DONE if arguments else WRONG_USAGE
    name = arguments[0].replace("-", "_")
    if name not in [command.replace("-", "_") for command in COMMANDS]:
        print(f"fsn: no command {arguments[0]!r}\n{usage()}", file=sys.stderr)
        return WRONG_USAGE
    try:
        quietly.check_memory()
        command = importlib.import_module(f"fsn_tf.commands.{name}")
        return _run(command, arguments)
    except Exception as error:
        if not errors.is_expected(error):
            raise
        print(f"fsn {arguments[0]}: {errors.line(error)}", file=sys.stderr)
        usage_error = isinstance(error, errors.UsageError)
        return WRONG_USAGE if usage_error else FAILED
    except KeyboardInterrupt:
        print(
            f"fsn {arguments[0]}: interrupted; the same command goes on",
            file=sys.stderr,
        )
        return INTERRUPTED


def _run(command, arguments):
    if any(word in ("-h", "--help") for word in arguments[1:]):
        print(command.__doc__.strip() + "\n")
        print("\n".join(command.FLAGS.get_help().split("\n")[1:]).strip("\n"))
        return DONE
    try:
        rest = command.FLAGS(arguments)[1:]
        if rest and not command.FLAGS.is_gnu_getopt():
            raise flags.Error(f"flags look like --NAME=VALUE, not {rest[0]!r}")
    except flags.Error as error:
        raise errors.UsageError(
            f"{error} (see fsn {arguments[0]} --help)"
        ) from error
    _check_text(command.FLAGS)
    if not any("://" in word for word in arguments):
        return command.main(*rest) or DONE
    from fsn_tf.commands import stored_paths

    name = arguments[0].replace("-", "_")
    with stored_paths.at_hand(name, command.FLAGS, rest) as words:
        return command.main(*words) or DONE


def _check_text(values):
    """Refuses what is not UTF-8, which TensorFlow and reports cannot hold.

    Of several videos, given one by one, the others go on.
    """
    for name in values:
        given = values[name].value
        for text in given if isinstance(given, list) else [given]:
            escaped = os.fsencode(str(text)).decode("utf-8", "backslashreplace")
            if isinstance(text, str) and text != escaped and name != "video":
                raise errors.UsageError(
                    f"--{name}={escaped}: expected text in UTF-8; rename it"
                )


if __name__ == "__main__":
    sys.exit(main())
