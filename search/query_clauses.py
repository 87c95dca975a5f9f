"""What a query says, once read: clauses that print themselves as a query and become a plan."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from index.tokens import stem
from search.plan import REMOVED, Boolean, Everything, NamedValue, Pattern, Phrase, Plan, Word
from search.query_dates import Days

LEAST_BOOST, MOST_BOOST = 0.01, 100.0
Languages = tuple[str, ...]

_OPERATORS = frozenset(("AND", "OR", "NOT"))


@dataclass(frozen=True, slots=True)
class Every:
    """Every article: a lone `*`."""

    def __str__(self) -> str:
        return "*"

    def plan(self, _languages: Languages) -> Plan:
        """Everything."""
        return Everything()


@dataclass(frozen=True, slots=True)
class Term:
    """A word or a phrase.

    raw: the words as typed; pieces: what index.tokens cuts them into, folded.
    """

    raw: tuple[str, ...]
    pieces: tuple[str, ...]
    slop: int = 0
    field: str | None = None
    boost: float = 1.0

    def __str__(self) -> str:
        text = " ".join(self.raw)
        if len(self.raw) > 1 or self.slop or text in _OPERATORS:
            text = f'"{text}"'
        near = f"~{self.slop}" if self.slop else ""
        return _decorated(text + near, self.field, self.boost)

    def plan(self, languages: Languages) -> Plan:
        """A Word or Phrase; where languages stem differently, any of theirs."""
        stems = dict.fromkeys(
            tuple(stem(piece, language) for piece in self.pieces) for language in languages
        )
        boost = self.boost if len(stems) == 1 else 1.0
        plans = tuple(self._one(found, boost) for found in stems)
        return plans[0] if len(plans) == 1 else Boolean(should=plans, boost=self.boost)

    def _one(self, stems: tuple[str, ...], boost: float) -> Plan:
        if len(stems) == 1:
            return Word(stems[0], self.field, boost)
        return Phrase(stems, self.slop, self.field, boost)


@dataclass(frozen=True, slots=True)
class Wild:
    """A prefix, wildcard or fuzzy word; the parts are those of a Pattern."""

    kind: Literal["prefix", "wildcard", "fuzzy"]
    text: str
    distance: int = 1
    field: str | None = None
    boost: float = 1.0

    def __str__(self) -> str:
        suffix = {"prefix": "*", "wildcard": "", "fuzzy": f"~{self.distance}"}[self.kind]
        return _decorated(self.text + suffix, self.field, self.boost)

    def plan(self, _languages: Languages) -> Plan:
        """A Pattern, for search.vocabulary to expand."""
        return Pattern(self.kind, self.text, self.field, self.boost, self.distance)


@dataclass(frozen=True, slots=True)
class Named:
    """Words of a facet's value; `raw` is how they were typed, a star after each prefix."""

    facet: str
    raw: tuple[str, ...]
    words: tuple[str, ...]

    def __str__(self) -> str:
        text = " ".join(self.raw)
        if len(self.raw) > 1 or text in _OPERATORS:
            text = f'"{text}"'
        return f"{self.facet}:{text}"

    def plan(self, _languages: Languages) -> Plan:
        """A NamedValue, for search.vocabulary to expand."""
        return NamedValue(self.facet, self.words)


@dataclass(frozen=True, slots=True)
class Period:
    """Days of publication."""

    days: Days

    def __str__(self) -> str:
        return f"date:{self.days}"

    def plan(self, _languages: Languages) -> Plan:
        """A PublishedBetween."""
        return self.days.plan()


@dataclass(frozen=True, slots=True)
class Not:
    """Everything but a clause."""

    clause: Clause

    def __str__(self) -> str:
        return f"NOT {_inside(self.clause)}"

    def plan(self, languages: Languages) -> Plan:
        """A Boolean with nothing but must_not."""
        return Boolean(must_not=(self.clause.plan(languages),))


@dataclass(frozen=True, slots=True)
class Group:
    """All or any of two or more clauses."""

    kind: Literal["all", "any"]
    clauses: tuple[Clause, ...]
    boost: float = 1.0

    def __str__(self) -> str:
        """With parentheses only around groups in it; itself in them when boosted."""
        joiner = " AND " if self.kind == "all" else " OR "
        text = joiner.join(map(_inside, self.clauses))
        return text if self.boost == 1.0 else f"({text})^{self.boost:g}"

    def plan(self, languages: Languages) -> Plan:
        """A Boolean: conditions, which never score, as its filter."""
        if self.kind == "any":
            return Boolean(
                should=tuple(clause.plan(languages) for clause in self.clauses), boost=self.boost
            )
        denied = [clause.clause for clause in self.clauses if isinstance(clause, Not)]
        wanted = [clause for clause in self.clauses if not isinstance(clause, Not)]
        return Boolean(
            must=tuple(c.plan(languages) for c in wanted if not is_condition(c)),
            filter=tuple(c.plan(languages) for c in wanted if is_condition(c)),
            must_not=tuple(c.plan(languages) for c in denied),
            boost=self.boost,
        )


Clause = Every | Term | Wild | Named | Period | Not | Group


def is_condition(clause: Clause) -> bool:
    """Whether a clause only says which articles, and never scores."""
    match clause:
        case Named() | Period() | Not():
            return True
        case Term() | Wild():
            return clause.field == REMOVED
        case Group(_, clauses):
            return all(map(is_condition, clauses))
        case _:
            return False


def grouped(kind: Literal["all", "any"], clauses: Iterable[Clause]) -> Clause | None:
    """The simplest clause that means all or any of these; None when there are none."""
    flat: dict[Clause, None] = {}
    for clause in clauses:
        match clause:
            case Group(its_kind, inner, 1.0) if its_kind == kind:
                flat.update(dict.fromkeys(inner))
            case _:
                flat[clause] = None
    if kind == "all" and len(flat) > 1:
        flat.pop(Every(), None)
    if len(flat) < 2:
        return next(iter(flat), None)
    return Group(kind, tuple(flat))


def boosted(clause: Clause, boost: float) -> Clause:
    """The clause with its score multiplied; conditions have none."""
    if not isinstance(clause, Term | Wild | Group) or is_condition(clause):
        return clause
    product = min(max(clause.boost * boost, LEAST_BOOST), MOST_BOOST)
    return replace(clause, boost=round(product, 2))


def _inside(clause: Clause) -> str:
    if isinstance(clause, Group) and clause.boost == 1.0:
        return f"({clause})"
    return str(clause)


def _decorated(text: str, field: str | None, boost: float) -> str:
    return (f"{field}:" if field else "") + text + ("" if boost == 1.0 else f"^{boost:g}")
