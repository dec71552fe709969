"""CRC-32C of many texts of bytes at once, in numpy.

A checksum is linear: that of a long text follows from those of its parts, each led on through as many zeros as stand
behind it. So a text is cut into lanes, which are worked out side by side, and then joined. See RFC 3720 for the
checksum, and "A Painless Guide to CRC Error Detection Algorithms" by Ross Williams for what it rests on.
"""

from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

_POLYNOMIAL = 0x82F63B78
_ONES = 0xFFFFFFFF
_FEWEST = 4  # bytes, in which the register's first value is hidden
_SHORTEST_LANE, _LONGEST_LANE = 16, 4_096
_TOGETHER = 32 << 20


def crc(records: Sequence[bytes]) -> NDArray[np.uint32]:
    """The checksum of each record (records,)."""
    sums = np.zeros(len(records), np.uint32)
    order = sorted(range(len(records)), key=lambda place: len(records[place]))
    begin = 0
    while begin < len(order):
        end = begin + 1
        while end < len(order) and (end + 1 - begin) * len(records[order[end]]) <= _TOGETHER:
            end += 1
        places = order[begin:end]
        sums[places] = _together([records[place] for place in places])
        begin = end
    return sums


def crc_of_few(record: bytes) -> int:
    """The checksum of a few bytes, for which numpy is too slow."""
    steps, value = _steps(), _ONES
    for byte in record:
        value = steps[(value ^ byte) & 0xFF] ^ (value >> 8)
    return value ^ _ONES


def _together(records: Sequence[bytes]) -> NDArray[np.uint32]:
    """The checksums of records that are sorted by their length."""
    few = [crc_of_few(record) for record in records if len(record) < _FEWEST]
    many = records[len(few) :]
    if not many:
        return np.array(few, np.uint32)
    longest = len(many[-1])
    lane = int(np.clip(1 << ((longest.bit_length() + 1) // 2), _SHORTEST_LANE, _LONGEST_LANE))
    count = -(-longest // lane)
    matrix = np.zeros((len(many), count * lane), np.uint8)
    for row, record in zip(matrix, many, strict=True):
        place = len(row) - len(record)  # zeros in front change nothing
        row[place:] = np.frombuffer(record, np.uint8)
        row[place : place + _FEWEST] ^= 0xFF
    sums = np.zeros(len(many) * count, np.uint32)
    for column in np.ascontiguousarray(matrix.reshape(-1, lane).T):
        sums = _table()[(sums ^ column) & 0xFF] ^ (sums >> 8)
    lanes = np.ascontiguousarray(sums.reshape(len(many), count).T)
    joined = lanes[0]
    for each in lanes[1:]:
        joined = _led_on(joined, lane) ^ each
    return np.concatenate([np.array(few, np.uint32), joined ^ np.uint32(_ONES)])


def _led_on(sums: NDArray[np.uint32], zeros: int) -> NDArray[np.uint32]:
    """The registers behind so many zeros more."""
    first, second, third, fourth = _through_zeros(zeros)
    low: NDArray[np.uint32] = first[sums & 0xFF] ^ second[(sums >> 8) & 0xFF]
    high: NDArray[np.uint32] = third[(sums >> 16) & 0xFF] ^ fourth[sums >> 24]
    return low ^ high


@cache
def _through_zeros(zeros: int) -> NDArray[np.uint32]:
    """What each value of each byte of a register becomes (4, 256)."""
    values = np.arange(256, dtype=np.uint32)[None] << np.array([[0], [8], [16], [24]], np.uint32)
    for _ in range(zeros):
        values = _table()[values & 0xFF] ^ (values >> 8)
    return values


@cache
def _table() -> NDArray[np.uint32]:
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = np.where(table & 1, (table >> 1) ^ np.uint32(_POLYNOMIAL), table >> 1).astype(np.uint32)
    return table


@cache
def _steps() -> list[int]:
    steps: list[int] = _table().tolist()
    return steps
