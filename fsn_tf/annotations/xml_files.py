"""XML files, without the entities by which a small one becomes endless."""

import pathlib
from xml.etree import ElementTree
from xml.parsers import expat

from fsn_tf import errors
from fsn_tf.annotations import text_files

# XML is held in memory, at ten times its size.
MAX_BYTES = 2**28


def root(path: pathlib.Path | str) -> ElementTree.Element:
    """The outermost element of a file.

    Raises:
        InputError: It is no XML, too large, or declares entities.
    """
    try:
        with open(path, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise errors.InputError(f"{path}: {error.strerror}") from error
    if len(data) > MAX_BYTES:
        raise errors.InputError(
            f"{path}: expected XML of at most {MAX_BYTES} bytes, got more"
        )
    builder = ElementTree.TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True

    def refuse(name, *_):
        raise errors.InputError(
            f"{path}:{parser.CurrentLineNumber}: declares the entity "
            f"{text_files.shown(name)}; expected XML without any"
        )

    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(data, True)
    except errors.InputError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise errors.InputError(f"{path}: expected XML, got {error}") from error
    return builder.close()


def root_tag(path: pathlib.Path | str) -> str:
    """The name of the outermost element; nothing below it is read.

    Raises:
        InputError: There is none.
    """
    found: list[str] = []
    parser = expat.ParserCreate()

    def start(name, _):
        found.append(name)
        raise StopIteration

    parser.StartElementHandler = start
    try:
        with open(path, "rb") as file:
            parser.ParseFile(file)
    except StopIteration:
        return found[0]
    except (expat.ExpatError, ValueError, LookupError) as error:
        raise errors.InputError(f"{path}: expected XML, got {error}") from error
    raise errors.InputError(f"{path}: expected XML, got no element")


def attribute(
    where: pathlib.Path | str, element: ElementTree.Element, name: str
) -> str:
    """An attribute, which must be there."""
    value = element.get(name)
    if value is None:
        expected = f"an attribute {name} of {element.tag}"
        raise errors.InputError(f"{where}: expected {expected}, got none")
    return value


def whole(
    where: pathlib.Path | str, element: ElementTree.Element, name: str
) -> int:
    """An attribute that is a whole number, 0 or more."""
    value = attribute(where, element, name)
    if not (value.isascii() and value.isdigit() and len(value) < 16):
        raise text_files.mistake(where, f"{name} to be a whole number", value)
    return int(value)
