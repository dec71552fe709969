"""Reads messages of Protocol Buffers field by field, without what describes them."""

from collections.abc import Iterator


def fields(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each field; a single whole number is left as its own bytes. Raises ValueError on others."""
    place = 0
    while place < len(data):
        tag, place = varint(data, place)
        if tag & 7 == 2:
            length, place = varint(data, place)
            end = place + length
        elif tag & 7 == 0:
            end = varint(data, place)[1]
        elif tag & 7 in (1, 5):
            end = place + (8 if tag & 7 == 1 else 4)
        else:
            raise ValueError(f"wire type {tag & 7}")
        if end > len(data):
            raise ValueError("a field is cut off")
        yield tag >> 3, data[place:end]
        place = end


def varint(data: bytes, place: int) -> tuple[int, int]:
    """A whole number that begins at a place, and where it ends. Raises ValueError, IndexError where it is cut off."""
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 127) << shift
        if byte < 128:
            return value, place
        shift += 7
        if shift > 63:
            raise ValueError("a number is too long")
