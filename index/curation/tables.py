"""A TOML text cut into its tables, so that lines are known, and one can be taken out alone."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_HEADER = re.compile(r"[ \t]*\[")
_APART = re.compile(r"[ \t\r]*(?:#.*)?")
"""A line that is empty or a comment."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a text: the line of its header, from 1, and its lines up to the next one.

    The first table is what comes before all headers. values: as tomllib reads the lines.
    """

    line: int
    lines: tuple[str, ...]
    values: dict[str, Any]

    @property
    def last_line(self) -> int:
        """The line of its last value; comments and empty lines after it stand apart."""
        count = len(self.lines)
        while count > 1 and _APART.fullmatch(self.lines[count - 1]):
            if _values(self.lines[: count - 1]) != self.values:
                break  # the end of a text of several lines
            count -= 1
        return self.line + count - 1

    def line_of(self, key: str) -> int:
        """The line on which a key is given its value; that of the header when none is."""
        pattern = re.compile(rf"""[ \t]*(?:{re.escape(key)}|(["']){re.escape(key)}\1)[ \t]*[=.]""")
        for at, line in enumerate(self.lines):
            if pattern.match(line) and _values(self.lines[:at]) is not None:
                return self.line + at
        return self.line


def cut(text: str) -> Iterator[Table]:
    """The tables of a text that is TOML. Joined, their lines are the lines of the text."""
    lines = tuple(text.split("\n"))
    start = 0
    for at, line in enumerate(lines):
        # What looks like a header may stand in a list or in a text of several lines: what comes
        # before it would end inside of that, and not be TOML by itself.
        if at > start and _HEADER.match(line):
            values = _values(lines[start:at])
            if values is not None:
                yield Table(start + 1, lines[start:at], values)
                start = at
    yield Table(start + 1, lines[start:], _values(lines[start:]) or {})


def _values(lines: tuple[str, ...]) -> dict[str, Any] | None:
    try:
        return tomllib.loads("".join(f"{line}\n" for line in lines))
    except tomllib.TOMLDecodeError:
        return None
