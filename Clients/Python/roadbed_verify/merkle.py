"""The trees of a block's transactions and outcomes: formats.md, section 6."""

from collections.abc import Callable, Sequence

Hash = Callable[[bytes], bytes]


def leaf_hash(hash_function: Hash, leaf: bytes) -> bytes:
    """The hash of a leaf."""
    return hash_function(b"\x00" + leaf)


def root_of(hash_function: Hash, leaf: bytes, index: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a path leads to (RFC 9162, section 2.1.3.2).

    ``None`` if there is no such leaf, or if the path is longer or shorter than index and size require.
    """
    if not 0 <= index < size:
        return None
    place, last = index, size - 1
    found = leaf_hash(hash_function, leaf)
    for sibling in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            found = hash_function(b"\x01" + sibling + found)
            # The last leaf of a level without a sibling moves up unchanged.
            while not place & 1 and place != 0:
                place >>= 1
                last >>= 1
        else:
            found = hash_function(b"\x01" + found + sibling)
        place >>= 1
        last >>= 1
    return found if last == 0 else None
