"""The words of a pickle, gone through one by one and not run.

A pickle is a program that may call any function there is. Here nothing is
imported or called but a few functions of our own, which stand for the names
that it may say; any other name or word ends the reading.
"""

from collections.abc import Callable
from collections.abc import Mapping
import pickle
import pickletools
from typing import Any


class Unfinished:
    """What a call gives whose content follows as its state."""

    value: Any = None

    def set(self, state: Any) -> None:
        """Takes the state."""
        raise NotImplementedError


def value(content: bytes, calls: Mapping[str, Callable | None]) -> Any:
    """The value of a pickle: dicts with text as keys, lists, text, numbers.

    Args:
        content: Of the file.
        calls: {name: what is called for it}; None may be named, not called.

    Raises:
        pickle.UnpicklingError: It says anything else.
        Exception: It is damaged, in whatever way.
    """
    return _Reading(calls).of(content)


class _Name(str):
    """Stands for what a pickle names."""


class _Reading:
    """The stack and the memo of one pickle."""

    def __init__(self, calls):
        self._calls = calls
        self._stack: list = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}

    def of(self, content: bytes) -> Any:
        """Goes through all words; returns what is left."""
        for word, argument, _ in pickletools.genops(content):
            name = word.name
            if name == "STOP":
                (value,) = self._stack
                return _plain(value)
            if name in _PUSHED:
                self._stack.append(argument)
            elif name in _STEPS:
                _STEPS[name](self, argument)
            elif name not in ("PROTO", "FRAME"):
                raise pickle.UnpicklingError(f"uses {name}")
        raise ValueError("cut short")

    def _since_mark(self):
        """Takes off what was put on the stack since the last mark."""
        place = self._marks.pop()
        values = self._stack[place:]
        del self._stack[place:]
        return values

    def mark(self, _):
        self._marks.append(len(self._stack))

    def put(self, number):
        place = len(self._memo) if number is None else number
        self._memo[place] = self._stack[-1]

    def get(self, number):
        self._stack.append(self._memo[number])

    def new(self, value):
        self._stack.append(value)

    def tuple_of(self, size):
        values = self._stack[len(self._stack) - size :]
        del self._stack[len(self._stack) - size :]
        self._stack.append(tuple(map(_plain, values)))

    def tuple_since_mark(self, _):
        self._stack.append(tuple(map(_plain, self._since_mark())))

    def append(self, _):
        self._extend([self._stack.pop()])

    def appends(self, _):
        self._extend(self._since_mark())

    def _extend(self, values):
        if type(self._stack[-1]) is not list:
            raise ValueError("items of no list")
        self._stack[-1].extend(map(_plain, values))

    def set_item(self, _):
        value, key = self._stack.pop(), self._stack.pop()
        self._update([key, value])

    def set_items(self, _):
        self._update(self._since_mark())

    def _update(self, values):
        if type(self._stack[-1]) is not dict:
            raise ValueError("items of no dict")
        keys = values[::2]
        if not all(isinstance(key, str) for key in keys):
            raise ValueError("keys that are no text")
        self._stack[-1].update(
            zip(keys, map(_plain, values[1::2]), strict=True)
        )

    def name(self, argument):
        self._named(*argument.split(" ", 1))

    def stack_name(self, _):
        name, module = self._stack.pop(), self._stack.pop()
        self._named(module, name)

    def _named(self, module, name):
        # Quoted, for a name may hold what steers a terminal.
        what = ascii(f"{module}.{name}")[1:-1]
        if what not in self._calls:
            raise pickle.UnpicklingError(f"names {what}")
        self._stack.append(_Name(what))

    def call(self, _):
        arguments, function = self._stack.pop(), self._stack.pop()
        call = isinstance(function, _Name) and self._calls[function]
        if not call:
            raise pickle.UnpicklingError(f"calls {ascii(function)[:60]}")
        self._stack.append(call(*arguments))

    def build(self, _):
        state = self._stack.pop()
        if not isinstance(self._stack[-1], Unfinished):
            raise pickle.UnpicklingError("sets attributes")
        self._stack[-1].set(state)


def _plain(value):
    """The value, or that of an Unfinished whose state has come."""
    return value.value if isinstance(value, Unfinished) else value


# Words that put their argument on the stack, and what the others do.
_PUSHED = frozenset(
    "INT LONG LONG1 LONG4 BININT BININT1 BININT2 FLOAT BINFLOAT UNICODE "
    "BINUNICODE BINUNICODE8 SHORT_BINUNICODE BINBYTES BINBYTES8 "
    "SHORT_BINBYTES BYTEARRAY8".split()
)
_STEPS: dict[str, Callable[[_Reading, Any], None]] = {
    "MARK": _Reading.mark,
    "NONE": lambda self, _: self.new(None),
    "NEWTRUE": lambda self, _: self.new(True),
    "NEWFALSE": lambda self, _: self.new(False),
    "EMPTY_LIST": lambda self, _: self.new([]),
    "EMPTY_DICT": lambda self, _: self.new({}),
    "EMPTY_TUPLE": lambda self, _: self.new(()),
    "TUPLE": _Reading.tuple_since_mark,
    "TUPLE1": lambda self, _: self.tuple_of(1),
    "TUPLE2": lambda self, _: self.tuple_of(2),
    "TUPLE3": lambda self, _: self.tuple_of(3),
    "APPEND": _Reading.append,
    "APPENDS": _Reading.appends,
    "SETITEM": _Reading.set_item,
    "SETITEMS": _Reading.set_items,
    **dict.fromkeys(("MEMOIZE", "PUT", "BINPUT", "LONG_BINPUT"), _Reading.put),
    **dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), _Reading.get),
    "GLOBAL": _Reading.name,
    "STACK_GLOBAL": _Reading.stack_name,
    "REDUCE": _Reading.call,
    "BUILD": _Reading.build,
}
