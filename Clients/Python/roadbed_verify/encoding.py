"""The reader of bytes: formats.md, section 1.

Every length and count is compared with its limit, and with the bytes that are left, before anything is read.
"""

from .errors import EncodingFault


class Reader:
    """Reads fields one after the other. Every method raises ``EncodingFault`` instead of reading past the end."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.offset = 0

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes."""
        left = len(self._data) - self.offset
        if count > left:
            raise EncodingFault(f"the bytes end at {len(self._data)}; {count - left} more are needed")
        start = self.offset
        self.offset += count
        return self._data[start : self.offset]

    def since(self, start: int) -> bytes:
        """The bytes from ``start`` to the current place."""
        return self._data[start : self.offset]

    def _unsigned(self, size: int) -> int:
        return int.from_bytes(self.take(size), "little")

    def u8(self) -> int:
        """One byte."""
        return self._unsigned(1)

    def u16(self) -> int:
        """Two bytes, little-endian."""
        return self._unsigned(2)

    def u32(self) -> int:
        """Four bytes, little-endian."""
        return self._unsigned(4)

    def u64(self) -> int:
        """Eight bytes, little-endian."""
        return self._unsigned(8)

    def u128(self) -> int:
        """Sixteen bytes, little-endian."""
        return self._unsigned(16)

    def within(self, value: int, least: int, most: int, what: str) -> int:
        """``value``, which must be from ``least`` to ``most``."""
        if not least <= value <= most:
            raise EncodingFault(f"{what} before byte {self.offset}: {value}; allowed: {least} to {most}")
        return value

    def flag(self, what: str) -> bool:
        """One byte, 0 or 1."""
        return self.within(self.u8(), 0, 1, what) == 1

    def digest(self) -> bytes:
        """32 bytes."""
        return self.take(32)

    def digests(self, most: int, what: str) -> tuple[bytes, ...]:
        """A count in one byte, then that many digests."""
        count = self.within(self.u8(), 0, most, what)
        return tuple(self.digest() for _ in range(count))

    def short(self, most: int, what: str) -> bytes:
        """Bytes after a length in one byte."""
        return self.take(self.within(self.u8(), 0, most, what))

    def long(self, least: int, most: int, what: str) -> bytes:
        """Bytes after a length in two bytes."""
        return self.take(self.within(self.u16(), least, most, what))

    def finish(self) -> None:
        """Refuses bytes that are left over."""
        if self.offset != len(self._data):
            left = len(self._data) - self.offset
            raise EncodingFault(f"{left} bytes are left over after byte {self.offset}; nothing may follow")


def u16(value: int) -> bytes:
    """Two bytes, little-endian."""
    return value.to_bytes(2, "little")


def u32(value: int) -> bytes:
    """Four bytes, little-endian."""
    return value.to_bytes(4, "little")


def u64(value: int) -> bytes:
    """Eight bytes, little-endian."""
    return value.to_bytes(8, "little")


def short(value: bytes) -> bytes:
    """Bytes after a length in one byte."""
    return bytes([len(value)]) + value


def long(value: bytes) -> bytes:
    """Bytes after a length in two bytes."""
    return u16(len(value)) + value
