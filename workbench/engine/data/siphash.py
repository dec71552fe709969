"""A hash of words that is the same on every machine and at every start: SipHash-2-4, which `keras.layers.Hashing` with
a salt uses.

J.-P. Aumasson, D. J. Bernstein: SipHash: a fast short-input PRF, INDOCRYPT 2012.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

SALT = 133
_64_BITS = (1 << 64) - 1
_START = (
    SALT ^ 0x736F6D6570736575,
    SALT ^ 0x646F72616E646F6D,
    SALT ^ 0x6C7967656E657261,
    SALT ^ 0x7465646279746573,
)


def siphash(text: str) -> int:
    """The hash of a text, from 0 to 2⁶⁴ - 1. Halves of surrogate pairs, which Keras cannot have, count as they are."""
    a, b, c, d = _START
    padded = _padded(text)
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start : start + 8], "little")
        a, b, c, d = _rounds(2, a, b, c, d ^ word)
        a ^= word
    a, b, c, d = _rounds(4, a, b, c ^ 255, d)
    return a ^ b ^ c ^ d


def _padded(text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    return data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])


def siphash_all(texts: Sequence[str]) -> NDArray[np.uint64]:
    """The hashes of many texts at once."""
    padded = [_padded(text) for text in texts]
    lengths = np.array([len(data) for data in padded], np.int64)
    hashes = np.zeros(len(texts), np.uint64)
    for length in np.unique(lengths).tolist():
        places = np.flatnonzero(lengths == length)
        words = np.frombuffer(b"".join(padded[place] for place in places.tolist()), "<u8").reshape(len(places), -1)
        hashes[places] = _hash_words(words)
    return hashes


def _hash_words(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """The hashes (n,) of texts that are as long as one another: words (n, length)."""
    state = [np.full(len(words), start, np.uint64) for start in _START]
    for word in words.T:
        state[3] = state[3] ^ word
        state = _rounds_all(2, state)
        state[0] = state[0] ^ word
    state[2] = state[2] ^ np.uint64(255)
    a, b, c, d = _rounds_all(4, state)
    return a ^ b ^ c ^ d


def _rounds_all(count: int, state: list[NDArray[np.uint64]]) -> list[NDArray[np.uint64]]:
    a, b, c, d = state
    for _ in range(count):  # numbers of 64 bits run over by themselves
        a, c = a + b, c + d
        b, d = _turned_all(b, 13) ^ a, _turned_all(d, 16) ^ c
        a, c = _turned_all(a, 32) + d, c + b
        b, d = _turned_all(b, 17) ^ c, _turned_all(d, 21) ^ a
        c = _turned_all(c, 32)
    return [a, b, c, d]


def _turned_all(values: NDArray[np.uint64], bits: int) -> NDArray[np.uint64]:
    return values << np.uint64(bits) | values >> np.uint64(64 - bits)


def _rounds(count: int, a: int, b: int, c: int, d: int) -> tuple[int, int, int, int]:
    for _ in range(count):
        a, c = a + b & _64_BITS, c + d & _64_BITS
        b, d = _turned(b, 13) ^ a, _turned(d, 16) ^ c
        a, c = _turned(a, 32) + d & _64_BITS, c + b & _64_BITS
        b, d = _turned(b, 17) ^ c, _turned(d, 21) ^ a
        c = _turned(c, 32)
    return a, b, c, d


def _turned(value: int, bits: int) -> int:
    return (value << bits | value >> 64 - bits) & _64_BITS


SOURCE = f'''\
def turned(value, bits):
    return (value << bits | value >> 64 - bits) & (1 << 64) - 1


def rounds(count, a, b, c, d):
    for _ in range(count):
        a, c = a + b & (1 << 64) - 1, c + d & (1 << 64) - 1
        b, d = turned(b, 13) ^ a, turned(d, 16) ^ c
        a, c = turned(a, 32) + d & (1 << 64) - 1, c + b & (1 << 64) - 1
        b, d = turned(b, 17) ^ c, turned(d, 21) ^ a
        c = turned(c, 32)
    return a, b, c, d


@functools.cache
def siphash(token):
    """SipHash-2-4, as in keras.layers.Hashing with salt={SALT}."""
    data = token.encode("utf-8", "surrogatepass")
    a, b = {SALT} ^ 0x736F6D6570736575, {SALT} ^ 0x646F72616E646F6D
    c, d = {SALT} ^ 0x6C7967656E657261, {SALT} ^ 0x7465646279746573
    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start : start + 8], "little")
        a, b, c, d = rounds(2, a, b, c, d ^ word)
        a ^= word
    a, b, c, d = rounds(4, a, b, c ^ 255, d)
    return a ^ b ^ c ^ d
'''
"""Python source that defines the same function; it needs `import functools`."""
