"""The golden vectors of the repository: formats.md, section 12."""

from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]
JSON_GOLDEN = REPOSITORY / "Tests/LedgerJSONTests/Golden"


class Vectors:
    """The values of one suite's file by their names."""

    def __init__(self, suite: str) -> None:
        self.suite = suite
        self._values: dict[str, bytes] = {}
        path = REPOSITORY / "Tests/LedgerTests/Vectors" / f"{suite}.txt"
        for line in path.read_text("utf-8").splitlines():
            if line and not line.startswith("#"):
                name, _, value = line.partition(" =")
                self._values[name] = bytes.fromhex(value)

    def __getitem__(self, name: str) -> bytes:
        return self._values[name]

    def numbered(self, form: str) -> list[tuple[str, bytes]]:
        """Names and values of a series such as ``operation.*``, as long as it goes on."""
        found: list[tuple[str, bytes]] = []
        for number in range(0, 10_000):
            name = form.replace("*", str(number))
            if name in self._values:
                found.append((name, self._values[name]))
            elif found or number > 1:
                break
        return found
