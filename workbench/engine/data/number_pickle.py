"""Reads the pickles that old data sets keep their numbers in, without unpickling.

Of the language that pickles are written in, only the words for numbers, texts, lists, dictionaries and numpy arrays
are understood, and nothing is ever called: a file that wants more is refused. What is read takes memory in proportion
to the file, as no word refers to a size that is not there. Words: `pickletools` of Python's library.
"""

import re
import struct
from collections.abc import Callable
from typing import Any

import numpy as np

_PLAIN = re.compile(r"[<>|=]?[biuf][1248]")
_KNOWN = {
    ("numpy", "ndarray"),
    ("numpy", "dtype"),
    ("numpy.core.multiarray", "_reconstruct"),
    ("numpy._core.multiarray", "_reconstruct"),
    ("_codecs", "encode"),  # bytes, as Python 3 writes them for Python 2
}
_MARK = object()


class PickleError(ValueError):
    """The bytes hold something else than plain numbers and texts, or are damaged."""


class _Global:
    """A name that a pickle asks for."""

    def __init__(self, module: str, name: str) -> None:
        if (module, name) not in _KNOWN:
            raise PickleError(f"it asks for {str(module)[:40]}.{str(name)[:40]}")
        self.name = name


class _Dtype:
    """A type of numbers, as its code and byte order."""

    def __init__(self, code: str) -> None:
        self.code = code
        self.order = "|"


class _Array:
    """An array while it is read: its shape, type, and bytes or objects."""

    def __init__(self) -> None:
        self.value: object = None

    def fill(self, state: object) -> None:
        if not isinstance(state, tuple) or len(state) != 5 or not isinstance(state[2], _Dtype):
            raise PickleError("an array is not written as numpy does")
        _, shape, dtype, column_major, data = state
        if not isinstance(shape, tuple) or not all(type(size) is int and size >= 0 for size in shape):
            raise PickleError("an array has no proper shape")
        if isinstance(data, list) and dtype.code.startswith("O") and shape == (len(data),):
            self.value = data
        elif isinstance(data, bytes) and _PLAIN.fullmatch(dtype.code):
            array = np.frombuffer(data, np.dtype(dtype.code).newbyteorder(dtype.order.replace("|", "=")))
            self.value = array.reshape(shape, order="F" if column_major else "C")
        else:
            raise PickleError("an array holds something else than numbers")


def read_pickle(data: bytes, tell: Callable[[float], None] | None = None) -> object:
    """What the bytes hold: numbers, texts, lists, dictionaries and arrays. `tell` hears now and then which part was
    read, and may raise to stop. Raises PickleError on everything else."""
    try:
        return _settled(_Reader(data).read(tell))
    except (LookupError, struct.error, TypeError, ValueError, OverflowError, RecursionError) as error:
        raise error if isinstance(error, PickleError) else PickleError(f"it is damaged: {error}") from error


def _settled(value: object) -> object:
    if isinstance(value, dict):
        return {key: _settled(each) for key, each in value.items()}
    if isinstance(value, _Array):
        return value.value
    if isinstance(value, _Global | _Dtype) or value is _MARK:
        raise PickleError("it holds no data")
    return value


class _Reader:
    """Goes through the words; `stack` holds what they made."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.place = 0
        self.stack: list[Any] = []
        self.marks: list[int] = []
        self.memo: dict[int, Any] = {}

    def read(self, tell: Callable[[float], None] | None) -> object:
        data, push, words = self.data, self.stack.append, 0
        while True:
            place = self.place
            word = data[place]
            while word == 0x4D or word == 0x4B:  # numbers of two bytes and of one: nearly everything in a list of words
                if word == 0x4D:
                    push(data[place + 1] | data[place + 2] << 8)
                    place += 3
                else:
                    push(data[place + 1])
                    place += 2
                word = data[place]
            self.place = place + 1
            if word == 0x2E:
                return self.stack.pop()
            act = _WORDS.get(word)
            if act is None:
                raise PickleError(f"it uses the word {word:#x}")
            act(self)
            words += 1
            if tell is not None and words % 5_000 == 0:
                tell(place / len(data))

    def take(self, count: int) -> bytes:
        """The next bytes. Raises PickleError when so many are not there."""
        if count < 0 or self.place + count > len(self.data):
            raise PickleError("it is cut off")
        self.place += count
        return self.data[self.place - count : self.place]

    def number(self, form: str) -> int:
        return int(struct.unpack(form, self.take(struct.calcsize(form)))[0])

    def line(self) -> str:
        end = self.data.index(b"\n", self.place)
        text = self.take(end - self.place).decode("ascii")
        self.place += 1
        return text

    def marked(self) -> list[Any]:
        """What was put on the stack since the last mark."""
        start = self.marks.pop()
        items = self.stack[start:]
        del self.stack[start:]
        return items

    def pop(self, count: int) -> tuple[Any, ...]:
        if self.marks and len(self.stack) - count < self.marks[-1]:
            raise PickleError("its marks do not match")
        items = tuple(self.stack[len(self.stack) - count :])
        if len(items) != count:
            raise PickleError("its stack is empty")
        del self.stack[len(self.stack) - count :]
        return items

    def extend(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not list:
            raise PickleError("it appends to something else than a list")
        self.stack[-1].extend(items)

    def update(self, items: list[Any]) -> None:
        if type(self.stack[-1]) is not dict or not all(isinstance(key, str | bytes) for key in items[::2]):
            raise PickleError("it fills something else than a dictionary")
        self.stack[-1].update(zip(items[::2], items[1::2], strict=True))

    def reduce(self) -> None:
        """The calls that make an empty array, a type and bytes; none is carried out."""
        wanted, given = self.pop(2)
        match wanted, given:
            case _Global(name="_reconstruct"), (_Global(name="ndarray"), (0,), _):
                self.stack.append(_Array())
            case _Global(name="dtype"), (str() | bytes() as code, *_):
                self.stack.append(_Dtype(code if isinstance(code, str) else code.decode("ascii")))
            case _Global(name="encode"), (str() as text, "latin1"):
                self.stack.append(text.encode("latin-1"))
            case _:
                raise PickleError("it calls something")

    def build(self) -> None:
        (state,) = self.pop(1)
        target = self.stack[-1]
        if isinstance(target, _Array) and target.value is None:
            target.fill(state)
        elif isinstance(target, _Dtype) and isinstance(state, tuple) and len(state) > 1:
            order = state[1].decode("ascii") if isinstance(state[1], bytes) else state[1]
            if order not in ("<", ">", "|", "="):
                raise PickleError("a type has no byte order")
            target.order = order
        else:
            raise PickleError("it changes something else than an array")


def _put(reader: _Reader, place: int) -> None:
    reader.memo[place] = reader.stack[-1]


def _pushed(make: Callable[[_Reader], object]) -> Callable[[_Reader], None]:
    return lambda reader: reader.stack.append(make(reader))


def _whole(reader: _Reader) -> int:
    return int.from_bytes(reader.take(min(16, reader.number("<B"))), "little", signed=True)


_WORDS: dict[int, Callable[[_Reader], None]] = {
    ord(word): act
    for word, act in {
        "\x80": lambda reader: reader.take(1) and None,  # protocol
        "\x95": lambda reader: reader.take(8) and None,  # frame
        "(": lambda reader: reader.marks.append(len(reader.stack)),
        "J": _pushed(lambda reader: reader.number("<i")),
        "\x8a": _pushed(_whole),
        "N": _pushed(lambda reader: None),
        "\x88": _pushed(lambda reader: True),
        "\x89": _pushed(lambda reader: False),
        "]": _pushed(lambda reader: []),
        "}": _pushed(lambda reader: {}),
        ")": _pushed(lambda reader: ()),
        "t": _pushed(lambda reader: tuple(reader.marked())),
        "l": _pushed(lambda reader: reader.marked()),
        "\x85": _pushed(lambda reader: reader.pop(1)),
        "\x86": _pushed(lambda reader: reader.pop(2)),
        "\x87": _pushed(lambda reader: reader.pop(3)),
        "a": lambda reader: reader.extend(list(reader.pop(1))),
        "e": lambda reader: reader.extend(reader.marked()),
        "s": lambda reader: reader.update(list(reader.pop(2))),
        "u": lambda reader: reader.update(reader.marked()),
        "U": _pushed(lambda reader: reader.take(reader.number("<B"))),
        "T": _pushed(lambda reader: reader.take(reader.number("<i"))),
        "C": _pushed(lambda reader: reader.take(reader.number("<B"))),
        "B": _pushed(lambda reader: reader.take(reader.number("<I"))),
        "\x8c": _pushed(lambda reader: reader.take(reader.number("<B")).decode()),
        "X": _pushed(lambda reader: reader.take(reader.number("<I")).decode()),
        "q": lambda reader: _put(reader, reader.number("<B")),
        "r": lambda reader: _put(reader, reader.number("<I")),
        "\x94": lambda reader: _put(reader, len(reader.memo)),
        "h": _pushed(lambda reader: reader.memo[reader.number("<B")]),
        "j": _pushed(lambda reader: reader.memo[reader.number("<I")]),
        "c": _pushed(lambda reader: _Global(reader.line(), reader.line())),
        "\x93": _pushed(lambda reader: _Global(*reader.pop(2))),
        "R": lambda reader: reader.reduce(),
        "b": lambda reader: reader.build(),
    }.items()
}
