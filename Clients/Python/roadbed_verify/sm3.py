"""The hash SM3 in plain Python: GB/T 32905-2016, ISO/IEC 10118-3:2018."""

import struct

_INITIAL = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)  # fmt: skip
_WORD = 0xFFFFFFFF


def _rotate(word: int, count: int) -> int:
    count %= 32
    return ((word << count) | (word >> (32 - count))) & _WORD


# The constant of each round, already rotated by the number of the round (section 5.3.3).
_ROUND = tuple(_rotate(0x79CC4519 if index < 16 else 0x7A879D8A, index) for index in range(64))


def _compress(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    # The rotations are written out, because calls would take a third longer, and a transaction may have a mebibyte.
    words = list(struct.unpack(">16I", block))
    for index in range(16, 68):
        third = words[index - 3]
        mixed = words[index - 16] ^ words[index - 9] ^ (third << 15 | third >> 17) & _WORD
        permuted = mixed ^ (mixed << 15 | mixed >> 17) ^ (mixed << 23 | mixed >> 9)
        seventh = words[index - 13]
        words.append((permuted ^ (seventh << 7 | seventh >> 25) ^ words[index - 6]) & _WORD)

    a, b, c, d, e, f, g, h = state
    for index, constant in enumerate(_ROUND):
        word = words[index]
        rotated = (a << 12 | a >> 20) & _WORD
        total = (rotated + e + constant) & _WORD
        first = (total << 7 | total >> 25) & _WORD
        if index < 16:
            left, right = a ^ b ^ c, e ^ f ^ g
        else:
            left, right = a & b | a & c | b & c, e & f | ~e & g
        next_a = (left + d + (first ^ rotated) + (word ^ words[index + 4])) & _WORD
        next_e = (right + h + first + word) & _WORD
        d, c, b, a = c, (b << 9 | b >> 23) & _WORD, a, next_a
        h, g, f = g, (f << 19 | f >> 13) & _WORD, e
        e = (next_e ^ (next_e << 9 | next_e >> 23) ^ (next_e << 17 | next_e >> 15)) & _WORD
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h)))


def sm3(message: bytes) -> bytes:
    """The 32 bytes of the hash."""
    padded = message + b"\x80" + bytes((55 - len(message)) % 64) + (8 * len(message)).to_bytes(8, "big")
    state: tuple[int, ...] = _INITIAL
    for place in range(0, len(padded), 64):
        state = _compress(state, padded[place : place + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)
