"""Times as text: ISO 8601 in UTC with milliseconds."""

import re
from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST = (datetime(9999, 12, 31, 23, 59, 59, 999000, tzinfo=UTC) - _EPOCH) // timedelta(milliseconds=1)
_SPELLING = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2})(?:\.([0-9]{3}))?Z")


def text_of(milliseconds: int) -> str:
    """A time since 1970; one after the year 9999 is shown as its last millisecond."""
    time = _EPOCH + timedelta(milliseconds=min(milliseconds, _LAST))
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond // 1000:03}Z"


def milliseconds_of(text: str) -> int | None:
    """The time since 1970, or ``None`` if the text is not one. The milliseconds may be missing."""
    found = _SPELLING.fullmatch(text)
    if found is None:
        return None
    try:
        time = datetime.strptime(found[1] + "+0000", "%Y-%m-%dT%H:%M:%S%z")
    except ValueError:
        return None
    result = (time - _EPOCH) // timedelta(milliseconds=1) + int(found[2] or "0")
    return result if result >= 0 else None
