"""Names of fields that the user gives, `--map title=headline`, and whether files have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from rapidfuzz import process

from index.errors import UnreadableSource

_MOST_NAMES = 50  # kept for messages; records may have any number of fields
_NEAR = 60  # likeness, 0 to 100, from which a name may have been meant


class ExpectedColumns:
    """Remembers which of the names given for fields have not come up in a file yet."""

    def __init__(self, columns: Mapping[str, str]) -> None:
        self._missing = dict(columns)
        self._seen: dict[str, None] = {}

    def note(self, names: Iterable[str]) -> None:
        """The names of a record's fields, or of a table's columns."""
        if not self._missing:
            return
        lowered = {name.strip().lower() for name in names}
        self._missing = {f: name for f, name in self._missing.items() if name not in lowered}
        if len(self._seen) < _MOST_NAMES:
            self._seen.update(dict.fromkeys(islice(names, _MOST_NAMES)))

    def problems(self, origin: str) -> Iterator[UnreadableSource]:
        """One for each name given that did not come up, if anything did."""
        if self._seen:
            for field, name in self._missing.items():
                yield UnreadableSource(
                    origin,
                    f"has no {name}, which was given for {field}{nearest(name, self._seen)}; "
                    f"it has {', '.join(self._seen)}",
                )


def nearest(name: str, names: Iterable[str]) -> str:
    """What may have been meant by a name, for a message; "" when nothing is near."""
    found = process.extractOne(name, list(names), score_cutoff=_NEAR)
    return f" (did you mean {found[0]}?)" if found else ""
