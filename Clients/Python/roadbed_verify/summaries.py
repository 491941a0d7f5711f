"""What people read in a file next to its bytes: it must say what the bytes say, letter by letter."""

from .documents import Number, Object, as_object, compact, invalid


def _spelt(value: object) -> object:
    """The value as the parser would have read it: with numbers as they are spelt."""
    if isinstance(value, bool):
        return value
    if isinstance(value, int):
        return Number(str(value))
    if isinstance(value, dict):
        return {key: _spelt(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_spelt(item) for item in value]
    return value


def check_summary(found: object, derived: Object, source: str) -> None:
    """Refuses a summary that differs from the one that the bytes give. ``source`` names what they are."""
    if not isinstance(found, dict):
        raise invalid(found, f"an object with what the {source} says")
    as_object(found, set(derived), set())
    for key in sorted(derived):
        expected = _spelt(derived[key])
        if found[key] != expected:
            raise invalid(found[key], f"what the {source} says, {compact(expected)[:200]}").at(key)
