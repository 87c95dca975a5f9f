"""entities.toml: read as a whole, changed in one step."""

from __future__ import annotations

import fcntl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.curation.consistency import conflicts
from index.curation.decisions import Decision, names_in
from index.curation.notation import Entry, Fault, read, with_decision, without
from index.durable import out_of_space, replace_file
from index.errors import DecisionRefused, DecisionsUnusable

_BYTE_ORDER_MARK = "\N{ZERO WIDTH NO-BREAK SPACE}"

_LAST_PLACE = "this decision would stand in line"


@dataclass(frozen=True, slots=True)
class Written:
    """Decisions as they are written down: the text, and its decisions in their order."""

    text: str = ""
    entries: tuple[Entry, ...] = ()

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The decisions alone."""
        return tuple(entry.decision for entry in self.entries)

    def about(self, name: str) -> tuple[Entry, ...]:
        """The decisions in which a name stands, of whatever type."""
        return tuple(
            entry
            for entry in self.entries
            if any(name == each for _, each in names_in(entry.decision))
        )


def load(path: Path) -> Written:
    """What a file of decisions says; a file that is not there says nothing.

    Raises DecisionsUnusable with everything that is wrong, by line.
    """
    return _understood(path, _content(path))


def add(path: Path, decision: Decision) -> Written:
    """Write a decision at the end of the file.

    Raises DecisionsUnusable when what is there cannot be used, DecisionRefused when the decision
    contradicts it or closes a circle, OutOfSpace.
    """

    def with_it(before: Written) -> str:
        text = with_decision(before.text, decision)
        entries, faults = read(text)
        if wrong := [*faults, *conflicts(entries)]:
            line, reason = wrong[-1]
            raise DecisionRefused(f"{reason}; {_LAST_PLACE} {line} of {path}")
        return text

    return _change(path, with_it)


def take_back(path: Path, choose: Callable[[Written], Entry]) -> Entry:
    """Remove a decision from the file, the one that `choose` picks.

    Raises DecisionsUnusable when the file cannot be used, OutOfSpace, and what `choose` raises.
    """
    chosen: list[Entry] = []

    def without_it(before: Written) -> str:
        chosen[:] = [choose(before)]
        return without(before.text, chosen[0])

    _change(path, without_it)
    return chosen[0]


def _change(path: Path, rewrite: Callable[[Written], str]) -> Written:
    """Replace the file by what `rewrite` makes of it."""
    path = path.resolve()  # of a link, the file it leads to is replaced
    with _alone(path):
        while True:
            content = _content(path)
            mark = _BYTE_ORDER_MARK if content.startswith(_BYTE_ORDER_MARK.encode()) else ""
            text = rewrite(_understood(path, content))
            after = Written(text, tuple(read(text)[0]))
            # An editor that has saved the file meanwhile knows nothing of the lock.
            if _content(path) == content:
                with out_of_space(path):
                    replace_file(path, (mark + text).encode())
                return after


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Be the only process that changes the file, waiting for others; ends with the process."""
    with out_of_space(path.parent):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = path.with_name(f".{path.name}.lock").open("a+")
    with lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return b""
    except OSError as error:
        raise DecisionsUnusable(path, [Fault(1, f"cannot be read: {error.strerror}")]) from error


def _understood(path: Path, content: bytes) -> Written:
    try:
        text = content.decode("utf-8").removeprefix(_BYTE_ORDER_MARK)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise DecisionsUnusable(path, [Fault(line, "is not UTF-8")]) from error
    entries, faults = read(text)
    if faults := sorted([*faults, *conflicts(entries)]):
        raise DecisionsUnusable(path, faults)
    return Written(text, tuple(entries))
