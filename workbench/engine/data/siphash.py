"""A hash of words that is the same on every machine and at every start: SipHash-2-4, which `keras.layers.Hashing` with
a salt uses.

J.-P. Aumasson, D. J. Bernstein: SipHash: a fast short-input PRF, INDOCRYPT 2012.
"""

SALT = 133
_64_BITS = (1 << 64) - 1


def siphash(text: str) -> int:
    """The hash of a text, from 0 to 2⁶⁴ - 1. Halves of surrogate pairs, which Keras cannot have, count as they are."""
    data = text.encode("utf-8", "surrogatepass")
    a, b = SALT ^ 0x736F6D6570736575, SALT ^ 0x646F72616E646F6D
    c, d = SALT ^ 0x6C7967656E657261, SALT ^ 0x7465646279746573
    padded = data + bytes(7 - len(data) % 8) + bytes([len(data) % 256])
    for start in range(0, len(padded), 8):
        word = int.from_bytes(padded[start : start + 8], "little")
        a, b, c, d = _rounds(2, a, b, c, d ^ word)
        a ^= word
    a, b, c, d = _rounds(4, a, b, c ^ 255, d)
    return a ^ b ^ c ^ d


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
