"""Whether decisions go together: none on a name that has one, none in a circle."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.curation.decisions import Split, in_words, moves
from index.curation.notation import Entry, Fault
from index.naming import FacetName

_Leads = dict[FacetName, tuple[FacetName, Entry]]
"""Where names lead, and the decision that says so."""


def conflicts(entries: Sequence[Entry]) -> list[Fault]:
    """What is wrong between decisions: each fault by the line of the later one."""
    return sorted([*_contradictions(entries), *_cycles(entries)])


def _contradictions(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Names that two decisions are about."""
    decided: dict[tuple[FacetName, bool], Entry] = {}
    for entry in entries:
        split = isinstance(entry.decision, Split)
        names = [name for name, _ in moves(entry.decision)]
        if isinstance(entry.decision, Split):
            names = [(entry.decision.type, entry.decision.name)]
        for name in names:
            earlier = decided.setdefault((name, split), entry)
            if earlier is not entry:
                yield Fault(
                    entry.line,
                    f"{shown(name)} has been decided on in line {earlier.line}: "
                    f"{in_words(earlier.decision)}",
                )
        for name in names:
            if names.count(name) > 1:
                yield Fault(entry.line, f"{shown(name)} is named twice")
                break


def _cycles(entries: Sequence[Entry]) -> Iterator[Fault]:
    """Names that lead back to themselves, or are split from one another."""
    moved: _Leads = {}
    split: _Leads = {}
    for entry in entries:
        if isinstance(entry.decision, Split):
            kind = entry.decision.type
            split[kind, entry.decision.name] = ((kind, entry.decision.origin), entry)
        for name, to in moves(entry.decision):
            if to is not None:
                moved.setdefault(name, (to, entry))
    for leads in (moved, split):
        done: set[FacetName] = set()
        for begin in leads:
            path: list[FacetName] = []
            here = begin
            while here in leads and here not in done:
                done.add(here)
                path.append(here)
                here = leads[here][0]
            if here in path:
                yield _cycle(path[path.index(here) :], leads)


def _cycle(names: Sequence[FacetName], leads: _Leads) -> Fault:
    lines = sorted({leads[name][1].line for name in names})
    circle = " → ".join(f"“{name}”" for _, name in [*names, names[0]])
    if len(lines) == 1:
        return Fault(lines[0], f"leads from a name back to itself: {circle}")
    return Fault(lines[-1], f"closes a circle: {circle} (lines {', '.join(map(str, lines))})")


def shown(name: FacetName) -> str:
    """A name with its type: person “John Kirby”."""
    return f"{name[0]} “{name[1]}”"
