"""The decisions a user can make about entities. Each names them by type and name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from index.entities.mentions import EntityType
from index.naming import FacetName


@dataclass(frozen=True, slots=True, kw_only=True)
class _Decision:
    """What all decisions have: the type of the names in it, why it was made, and when."""

    type: EntityType
    note: str = ""
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merge(_Decision):
    """Several names are one entity, which is shown as `into`."""

    names: tuple[str, ...]
    into: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(_Decision):
    """A name was taken for a form of the entity `origin`, but stands alone."""

    name: str
    origin: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rename(_Decision):
    """An entity is shown under another name."""

    name: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Retype(_Decision):
    """An entity is of another type."""

    name: str
    to: EntityType


@dataclass(frozen=True, slots=True, kw_only=True)
class Hide(_Decision):
    """An entity is no value of a facet."""

    name: str


Decision = Merge | Split | Rename | Retype | Hide


def kind_of(decision: Decision) -> str:
    """merge, split, rename, retype or hide."""
    return type(decision).__name__.lower()


def moves(decision: Decision) -> Iterator[tuple[FacetName, FacetName | None]]:
    """Which names it makes count under which other one, None for not at all.

    A split has none: it only takes back what was automatic.
    """
    match decision:
        case Merge(type=kind, names=names, into=into):
            yield from (((kind, name), (kind, into)) for name in names)
        case Rename(type=kind, name=name, to=to):
            yield (kind, name), (kind, to)
        case Retype(type=kind, name=name, to=to):
            yield (kind, name), (to, name)
        case Hide(type=kind, name=name):
            yield (kind, name), None


def names_in(decision: Decision) -> tuple[FacetName, ...]:
    """All names a decision is about, those it leads to included, each once."""
    kind = decision.type
    match decision:
        case Merge(names=names, into=into):
            return tuple((kind, name) for name in (*names, into))
        case Split(name=name, origin=origin):
            return (kind, name), (kind, origin)
        case Rename(name=name, to=to):
            return (kind, name), (kind, to)
        case Retype(name=name, to=to):
            return (kind, name), (to, name)
        case Hide(name=name):
            return ((kind, name),)


def in_words(decision: Decision) -> str:
    """The decision in one line."""
    match decision:
        case Merge(names=names, into=into):
            return f"merge {decision.type} {_listed(names)} into “{into}”"
        case Split(name=name, origin=origin):
            return f"split {decision.type} “{name}” from “{origin}”"
        case Rename(name=name, to=to):
            return f"rename {decision.type} “{name}” to “{to}”"
        case Retype(name=name, to=to):
            return f"retype {decision.type} “{name}” to {to}"
        case Hide(name=name):
            return f"hide {decision.type} “{name}”"


def _listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"“{name}”" for name in names)
