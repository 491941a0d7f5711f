"""The hash SM3 in plain Python: GB/T 32905-2016, ISO/IEC 10118-3:2018."""

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
    words = [int.from_bytes(block[place : place + 4], "big") for place in range(0, 64, 4)]
    for index in range(16, 68):
        mixed = words[index - 16] ^ words[index - 9] ^ _rotate(words[index - 3], 15)
        permuted = mixed ^ _rotate(mixed, 15) ^ _rotate(mixed, 23)
        words.append(permuted ^ _rotate(words[index - 13], 7) ^ words[index - 6])

    a, b, c, d, e, f, g, h = state
    for index in range(64):
        rotated = _rotate(a, 12)
        first = _rotate((rotated + e + _ROUND[index]) & _WORD, 7)
        second = first ^ rotated
        if index < 16:
            left, right = a ^ b ^ c, e ^ f ^ g
        else:
            left, right = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        next_a = (left + d + second + (words[index] ^ words[index + 4])) & _WORD
        next_e = (right + h + first + words[index]) & _WORD
        a, b, c, d = next_a, a, _rotate(b, 9), c
        e, f, g, h = next_e ^ _rotate(next_e, 9) ^ _rotate(next_e, 17), e, _rotate(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h)))


def sm3(message: bytes) -> bytes:
    """The 32 bytes of the hash."""
    padded = message + b"\x80" + bytes((55 - len(message)) % 64) + (8 * len(message)).to_bytes(8, "big")
    state: tuple[int, ...] = _INITIAL
    for place in range(0, len(padded), 64):
        state = _compress(state, padded[place : place + 64])
    return b"".join(word.to_bytes(4, "big") for word in state)
