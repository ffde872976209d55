"""The program `fsn`: one command for each stage of the work."""

import importlib
import sys

from absl import flags

from fsn_tf import errors

# In the order in which a newcomer meets them.
COMMANDS = {
    "prepare": "videos -> snippet files",
    "train": "snippet files + annotations -> a workdir",
    "predict": "a workdir + snippet files -> frame scores",
    "evaluate": "frame scores or detections -> metrics, report",
    "export": "a workdir -> a SavedModel",
    "localize": "a video + a model -> segments",
    "synthetic": "nothing -> the embedded benchmark's videos",
    "demo": "everything above, on the embedded benchmark",
}

DONE, FAILED, WRONG_USAGE, INTERRUPTED = 0, 1, 2, 130


def usage():
    """Names every command on one line each."""
    lines = [f"  {name:<10} {text}" for name, text in COMMANDS.items()]
    return "\n".join(
        ["usage: fsn COMMAND [--FLAG=VALUE ...]", "", *lines]
        + ["", "fsn COMMAND --help shows the flags of a command."]
    )


def main(argv=None):
    """Runs one command; returns the exit status (0, 1, 2 or 130)."""
    arguments = sys.argv[1:] if argv is None else list(argv)
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(usage())
        return DONE if arguments else WRONG_USAGE
    name = arguments[0].replace("-", "_")
    if name not in COMMANDS:
        print(f"fsn: no command {arguments[0]!r}\n{usage()}", file=sys.stderr)
        return WRONG_USAGE
    command = importlib.import_module(f"fsn_tf.commands.{name}")
    return _run(command, arguments)


def _run(command, arguments):
    name = f"fsn {arguments[0]}"
    if any(word in ("-h", "--help") for word in arguments[1:]):
        print(command.__doc__.strip() + "\n")
        print("\n".join(command.FLAGS.get_help().split("\n")[1:]).strip("\n"))
        return DONE
    try:
        rest = command.FLAGS(arguments)[1:]
        if rest:
            raise flags.Error(f"flags look like --NAME=VALUE, not {rest[0]!r}")
    except flags.Error as error:
        message = str(error).replace("\n", "; ")
        print(f"{name}: {message} (see {name} --help)", file=sys.stderr)
        return WRONG_USAGE
    try:
        return command.main() or DONE
    except errors.UsageError as error:
        print(f"{name}: {error}", file=sys.stderr)
        return WRONG_USAGE
    except (errors.InputError, OSError) as error:
        print(f"{name}: {error}", file=sys.stderr)
        return FAILED
    except KeyboardInterrupt:
        print(f"{name}: interrupted; the same command resumes", file=sys.stderr)
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
