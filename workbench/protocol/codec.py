"""How commands and events travel: frames of a 4-byte little-endian length and MessagePack; as JSON lines for people.

A frame is bounded, so that a damaged stream cannot make the reader allocate without limit.
"""

import struct
from typing import BinaryIO

import msgspec

from workbench.domain.files import UNREADABLE
from workbench.protocol.commands import AnyCommand
from workbench.protocol.events import AnyEvent

MAX_FRAME = 256 * 1024 * 1024
_LENGTH = struct.Struct("<I")

_encoder = msgspec.msgpack.Encoder()
_commands: msgspec.msgpack.Decoder[AnyCommand] = msgspec.msgpack.Decoder(AnyCommand)
_events: msgspec.msgpack.Decoder[AnyEvent] = msgspec.msgpack.Decoder(AnyEvent)
_json = msgspec.json.Encoder()


class FrameError(Exception):
    """The stream does not hold a frame where one should begin."""


def encode(message: AnyCommand | AnyEvent) -> bytes:
    """One frame. Raises FrameError for what cannot travel: numbers beyond 64 bits, broken text, too many bytes."""
    try:
        body = _encoder.encode(message)
    except (OverflowError, UnicodeEncodeError, RecursionError) as error:
        raise FrameError(f"A message cannot be sent: {error}") from error
    if len(body) > MAX_FRAME:
        raise FrameError(f"A message of {len(body)} bytes is too large to send.")
    return _LENGTH.pack(len(body)) + body


def decode_command(body: bytes) -> AnyCommand:
    """The command in a frame's body. Raises FrameError on anything else."""
    try:
        return _commands.decode(body)
    except UNREADABLE as error:
        raise FrameError(str(error)) from error


def decode_event(body: bytes) -> AnyEvent:
    """The event in a frame's body. Raises FrameError on anything else."""
    try:
        return _events.decode(body)
    except UNREADABLE as error:
        raise FrameError(str(error)) from error


def to_json(event: AnyEvent) -> bytes:
    """One line of JSON, without the line end."""
    return _json.encode(event)


class FrameSplitter:
    """Collects bytes as they arrive and gives back the whole frames among them."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[bytes]:
        """The bodies of all frames that are complete now. Raises FrameError on an impossible length."""
        self._buffer += data
        bodies: list[bytes] = []
        start = 0
        while len(self._buffer) - start >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._buffer, start)
            if length > MAX_FRAME:
                raise FrameError(f"A frame of {length} bytes is announced; the stream is damaged.")
            end = start + _LENGTH.size + length
            if end > len(self._buffer):
                break
            bodies.append(bytes(self._buffer[start + _LENGTH.size : end]))
            start = end
        del self._buffer[:start]
        return bodies


def read_frame(stream: BinaryIO) -> bytes | None:
    """The next body from a blocking stream, None at its end. Raises FrameError on a damaged stream."""
    head = _read_exactly(stream, _LENGTH.size)
    if head is None:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > MAX_FRAME:
        raise FrameError(f"A frame of {length} bytes is announced; the stream is damaged.")
    body = _read_exactly(stream, length)
    if body is None:
        raise FrameError("The stream ended inside a frame.")
    return body


def _read_exactly(stream: BinaryIO, count: int) -> bytes | None:
    parts = bytearray()
    while len(parts) < count:
        piece = stream.read(count - len(parts))
        if not piece:
            if parts:
                raise FrameError("The stream ended inside a frame.")
            return None
        parts += piece
    return bytes(parts)
