"""What a query means: a tree of frozen nodes that every engine lowers.

A plan is made by search.query from text; then `expand` of search.vocabulary replaces each
Pattern and NamedValue by the words and values of the archive. Engines never see those two.

All words are stems as index.tokens makes them. A field of None means title or body.
Boosts multiply the score of the node they stand on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

TEXT_FIELDS = ("title", "body")

REMOVED = "removed"
"""The field of what articles no longer say. Before an engine sees a plan, search.removed replaces
every node that is about it by the articles it means.
"""


@dataclass(frozen=True, slots=True)
class Everything:
    """Every article, with score 0."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """No article."""


@dataclass(frozen=True, slots=True)
class Word:
    """Articles with this stem; scored by BM25F over title and body, or the one field."""

    stem: str
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class AnyWord:
    """Articles with at least one of these stems: what a prefix, wildcard or fuzzy word became.

    A filter with a constant: every match scores exactly `boost`.
    """

    stems: tuple[str, ...]
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Phrase:
    """Articles with the stems in this order and at most `slop` other words between them.

    There are positions p1 < p2 < … < pn of one field, each holding its stem, with
    pn − p1 − (n − 1) ≤ slop. Scored like a word whose frequency in a field is the number of
    positions p1 that begin such an occurrence, and whose idf is the sum of the stems' idf.
    At least two stems.
    """

    stems: tuple[str, ...]
    slop: int = 0
    field: str | None = None
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class HasValue:
    """Articles with at least one of these values in a facet; score 0."""

    facet: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedBetween:
    """Articles published at `start` ≤ t < `end`, wall-clock seconds; None is open. Score 0.

    Articles without a date never match.
    """

    start: int | None
    end: int | None


@dataclass(frozen=True, slots=True)
class AmongArticles:
    """The articles with these ids, as far as they are in the index; score 0."""

    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Boolean:
    """All of `must` and `filter`, none of `must_not`.

    Without must and filter at least one of `should` has to match, if there is any; else
    `should` only adds to the score. The score is the sum of must and should, times boost;
    filter and must_not never score. Only must_not: everything else.
    """

    must: tuple[Plan, ...] = ()
    should: tuple[Plan, ...] = ()
    filter: tuple[Plan, ...] = ()
    must_not: tuple[Plan, ...] = ()
    boost: float = 1.0


@dataclass(frozen=True, slots=True)
class Pattern:
    """A prefix, wildcard or fuzzy word, before the archive's own words replace it by AnyWord.

    kind: "prefix" (text without the star), "wildcard" (with ? and *), or "fuzzy" (at most
    `distance` edits by Damerau–Levenshtein, the first letter as given).
    """

    kind: str
    text: str
    field: str | None = None
    boost: float = 1.0
    distance: int = 1


@dataclass(frozen=True, slots=True)
class NamedValue:
    """`person:"John Kirby"`, before the facet's own values replace it by HasValue.

    Means every value whose words contain these words next to each other in this order, folded
    as in index.tokens but not stemmed. A word may end in * as a prefix.
    """

    facet: str
    words: tuple[str, ...]


Plan = (
    Everything
    | Nothing
    | Word
    | AnyWord
    | Phrase
    | HasValue
    | PublishedBetween
    | AmongArticles
    | Boolean
    | Pattern
    | NamedValue
)


def phrases_in(plan: Plan) -> list[Phrase]:
    """The phrases in a plan."""
    if isinstance(plan, Boolean):
        children = (*plan.must, *plan.should, *plan.filter, *plan.must_not)
        return [phrase for child in children for phrase in phrases_in(child)]
    return [plan] if isinstance(plan, Phrase) else []


def plain_words(plan: Plan) -> tuple[Sequence[Word], bool]:
    """The words of a plan of nothing else, looked for anywhere, and whether all are required."""
    nodes: Sequence[Plan] = (plan,)
    every = True
    if isinstance(plan, Boolean):
        if plan.filter or plan.must_not or (plan.must and plan.should):
            return (), False
        nodes, every = plan.must or plan.should, bool(plan.must)
    words = [node for node in nodes if isinstance(node, Word) and node.field is None]
    return (words, every) if len(words) == len(nodes) else ((), False)


def describe(plan: Plan, indent: int = 0) -> str:
    """The plan as an indented tree, a line a node, for `dateline search --explain`."""
    pad = "  " * indent
    if not isinstance(plan, Boolean):
        return pad + _line(plan)
    lines = [pad + "Boolean" + _boost(plan.boost)]
    for role in ("must", "should", "filter", "must_not"):
        for child in getattr(plan, role):
            lines.append(f"{pad}  {role.upper()}")
            lines.append(describe(child, indent + 2))
    return "\n".join(lines)


def _line(plan: Plan) -> str:  # noqa: PLR0911 - one for each node
    match plan:
        case Word(stem, field, boost):
            return f"Word {stem}{_field(field)}{_boost(boost)}"
        case AnyWord(stems, field, boost):
            shown = ", ".join(stems[:8]) + (f", … {len(stems) - 8} more" if len(stems) > 8 else "")
            return f"AnyWord of {len(stems)}: {shown}{_field(field)}{_boost(boost)}"
        case Phrase(stems, slop, field, boost):
            near = f" within {slop}" if slop else ""
            return f"Phrase “{' '.join(stems)}”{near}{_field(field)}{_boost(boost)}"
        case HasValue(facet, values):
            return f"HasValue {facet}: {' | '.join(values)}"
        case PublishedBetween(start, end):
            return f"PublishedBetween {start} and {end}"
        case AmongArticles(article_ids):
            return f"AmongArticles: {len(article_ids):,} of them"
        case _:
            return repr(plan)


def _field(field: str | None) -> str:
    return f" in {field}" if field else ""


def _boost(boost: float) -> str:
    return "" if boost == 1.0 else f" ^{boost:g}"
