"""Decisions as TOML: the text of entities.toml into decisions and back."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from rapidfuzz import process

from index.articles import clean_text
from index.curation.decisions import Decision, Hide, Merge, Rename, Retype, Split, kind_of, names_in
from index.curation.tables import Table, cut
from index.entities.mentions import ENTITY_TYPES
from index.naming import FacetName

KINDS: Mapping[str, type[Decision]] = MappingProxyType(
    {"merge": Merge, "split": Split, "rename": Rename, "retype": Retype, "hide": Hide}
)
KEYS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "merge": {"names": "names", "into": "into"},
        "split": {"name": "name", "from": "origin"},
        "rename": {"name": "name", "to": "to"},
        "retype": {"name": "name", "to": "to"},
        "hide": {"name": "name"},
    }
)
"""By kind the keys that a decision has beside `type`, with the fields they fill."""

_EXPECTED = f"(there are {', '.join(KINDS)})"
_NEAR = 70
"""Likeness, of 100, from which on a word is taken for a misspelled one."""

_PLACE = re.compile(r" \(at line (\d+), column \d+\)$")


class Fault(NamedTuple):
    """Something in the text that cannot be used, and on which line."""

    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A decision and its first and last line."""

    decision: Decision
    line: int
    last_line: int

    def concerns(self, names: Container[FacetName]) -> bool:
        """Whether any of these names stands in the decision."""
        return any(name in names for name in names_in(self.decision))


class _Unusable(Exception):
    """A table that cannot be used; its one argument is the Fault."""


def read(text: str) -> tuple[list[Entry], list[Fault]]:
    """The decisions of a text in its order, and what cannot be used. Lines count from 1."""
    try:
        tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # numbers too long, lists in lists too deep
        return [], [_syntax_fault(str(error))]
    entries: list[Entry] = []
    faults: list[Fault] = []
    for table in cut(text):
        if not table.values:
            continue
        try:
            entries.append(Entry(_decision(table), table.line, table.last_line))
        except _Unusable as error:
            faults.append(error.args[0])
    return entries, faults


def written(decision: Decision) -> str:
    """The decision as a table, every line ended."""
    kind = kind_of(decision)
    lines = [f"[[{kind}]]", f"type = {_quoted(decision.type)}"]
    for key, field in KEYS[kind].items():
        value = getattr(decision, field)
        lines.append(f"{key} = {_list(value) if isinstance(value, tuple) else _quoted(value)}")
    if decision.note:
        lines.append(f"note = {_quoted(decision.note)}")
    if decision.date:
        lines.append(f"date = {decision.date.isoformat()}")
    return "\n".join(lines) + "\n"


def with_decision(text: str, decision: Decision) -> str:
    """The text with a decision at its end."""
    before = text.rstrip("\n")
    return f"{before}\n\n{written(decision)}" if before else written(decision)


def without(text: str, entry: Entry) -> str:
    """The text without a decision of it; comments above and below stay."""
    lines = text.split("\n")
    last = entry.last_line
    while last < len(lines) - 1 and not lines[last].strip():
        last += 1
    return "\n".join([*lines[: entry.line - 1], *lines[last:]])


def clean_name(name: str) -> str:
    """A name or note as it is kept: one line, each letter in one form, no control characters."""
    return " ".join(clean_text(name).split())


def _decision(table: Table) -> Decision:
    kind, values = _kind(table)
    keys = KEYS[kind]
    for key in values:
        if key not in ("type", *keys, "note", "date"):
            expected = _listed(("type", *keys, "note", "date"))
            raise _unusable(table, key, f"{kind} has no {key!r}, only {expected}")
    given: dict[str, Any] = {"type": _type(table, values, "type")}
    for key, field in keys.items():
        read_value = {"names": _names, "to": _type if kind == "retype" else _name}.get(key, _name)
        given[field] = read_value(table, values, key)
    given["note"] = _name(table, values, "note") if values.get("note") else ""
    given["date"] = _date(table, values)
    return KINDS[kind](**given)


def _kind(table: Table) -> tuple[str, Mapping[str, Any]]:
    """The kind of a table's decision and what it says."""
    name, value = next(iter(table.values.items()))
    if name not in KINDS:
        close = process.extractOne(name, list(KINDS), score_cutoff=_NEAR)
        meant = f"; did you mean {close[0]!r}?" if close else ""
        raise _unusable(table, name, f"{name!r} is no kind of decision{meant} {_EXPECTED}")
    if len(table.values) > 1 or not isinstance(value, list) or len(value) != 1:
        raise _unusable(table, name, f"a decision begins with a line [[{name}]]")
    if not isinstance(value[0], dict):
        raise _unusable(table, name, f"a decision begins with a line [[{name}]]")
    return name, value[0]


def _type(table: Table, values: Mapping[str, Any], key: str) -> str:
    value = _given(table, values, key)
    if value not in ENTITY_TYPES:
        raise _unusable(table, key, f"{key} is {value!r}; expected one of {_listed(ENTITY_TYPES)}")
    return str(value)


def _name(table: Table, values: Mapping[str, Any], key: str) -> str:
    value = _given(table, values, key)
    if not isinstance(value, str) or not clean_name(value):
        raise _unusable(table, key, f"{key} is {value!r}; expected a text in quotes")
    return clean_name(value)


def _names(table: Table, values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    value = _given(table, values, key)
    listed = value if isinstance(value, list) else []
    names = tuple(clean_name(each) for each in listed if isinstance(each, str))
    if not names or not all(names) or len(names) < len(listed):
        raise _unusable(table, key, f'{key} is {value!r}; expected a list, as ["A", "B"]')
    return names


def _date(table: Table, values: Mapping[str, Any]) -> date | None:
    value = values.get("date")
    if isinstance(value, datetime):
        return value.date()
    if value is not None and not isinstance(value, date):
        raise _unusable(table, "date", f"date is {value!r}; expected a day, as 2026-01-31")
    return value


def _given(table: Table, values: Mapping[str, Any], key: str) -> object:
    if key not in values:
        raise _unusable(table, key, f"{key!r} is missing")
    return values[key]


def _unusable(table: Table, key: str, reason: str) -> _Unusable:
    return _Unusable(Fault(table.line_of(key), reason))


def _syntax_fault(message: str) -> Fault:
    place = _PLACE.search(message)
    if place:
        return Fault(int(place[1]), f"is not TOML: {message[: place.start()]}")
    return Fault(1, f"is not TOML: {message}")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _list(texts: Iterable[str]) -> str:
    return f"[{', '.join(map(_quoted, texts))}]"


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
