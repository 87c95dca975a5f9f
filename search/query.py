"""From the text of a query to what it means, as it was read.

whoosh.qparser parses, without a schema: with one it drops words. Its parts for groups, fields,
operators and boosts are used as they come; leaves are ours, because what a word is says
index.tokens. Before it the text is repaired (search.query_repair), so that it always parses.

Precedence, from tight to loose: suffixes (~ ^), fields, NOT, AND, OR, and standing side by side.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Literal

from whoosh.qparser import QueryParser, plugins, syntax

from index.tokens import Token
from search.plan import Everything, Plan
from search.query_any import any_of, as_spoken
from search.query_clauses import Clause, boosted, grouped, is_condition
from search.query_leaves import Leaf, LeafReader, negated
from search.query_lexemes import FIELDS, Repairs, quoted
from search.query_repair import repair

Match = Literal["all", "any"]
"""Whether words that stand side by side must all be there, or any of them."""

DEFAULT_LANGUAGES = ("en",)


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it was read.

    understood: the query in full, every operator written out; read again it means the same.
    repairs: what had to be changed to read it, in sentences for whoever typed it.
    words: the words searched in titles and bodies, folded, with their places in the text.
    match and languages: how it was read.
    """

    plan: Plan
    understood: str
    repairs: tuple[str, ...] = ()
    words: tuple[Token, ...] = ()
    match: Match = "all"
    languages: tuple[str, ...] = DEFAULT_LANGUAGES


def read_query(
    text: str,
    *,
    match: Match = "all",
    languages: tuple[str, ...] = DEFAULT_LANGUAGES,
    today: date | None = None,
) -> Reading:
    """Read a query. Never raises for any text; the same text gives the same reading.

    languages: ISO 639-1 codes of the archive's articles, "" for unknown; a word is looked for
    under its stem in each. No languages mean English.
    today: what "last week" counts from; by default the day here.
    """
    repairs = Repairs()
    today = today or datetime.now(UTC).astimezone().date()
    spoken = as_spoken(text, repairs) if match == "any" else text
    query = repair(spoken, today, repairs)
    reader = LeafReader(query, today, repairs)
    languages = languages or DEFAULT_LANGUAGES
    composer = _Composer(reader, repairs, match, "en" in languages)
    clause = composer.clause(_parser().process(query.text))
    if clause is None and text.strip():
        repairs.add("nothing to search for is left: all articles are shown")
    return Reading(
        plan=clause.plan(languages) if clause else Everything(),
        understood=str(clause or ""),
        repairs=tuple(repairs),
        words=tuple(reader.words),
        match=match,
        languages=languages,
    )


@dataclass(frozen=True, slots=True)
class _Composer:
    """Makes clauses of the parser's syntax tree."""

    reader: LeafReader
    repairs: Repairs
    match: Match
    english: bool

    def clause(self, node: syntax.SyntaxNode) -> Clause | None:
        """The clause of a node; None when nothing is left of it."""
        if isinstance(node, _LeafNode):
            clause = self.reader.read(node.leaf())
            return clause and self._boosted(clause, node.boost)
        clauses = [clause for child in node if (clause := self.clause(child)) is not None]
        if isinstance(node, syntax.NotGroup):
            return negated(clauses[0]) if clauses else None
        if isinstance(node, syntax.OrGroup):
            whole = grouped("any", clauses)
        elif isinstance(node, syntax.AndGroup) or self.match == "all":
            whole = grouped("all", clauses)
        else:
            whole = any_of(clauses, self.repairs, english=self.english)
        return whole and self._boosted(whole, node.boost)

    def _boosted(self, clause: Clause, boost: float) -> Clause:
        if boost != 1.0 and is_condition(clause):
            self.repairs.add(f"^{boost:g} has no meaning for {quoted(str(clause))}: ignored")
        return boosted(clause, boost)


class _SideBySide(syntax.GroupNode):  # type: ignore[misc]  # no types
    """What stands in one pair of parentheses, or in the whole query."""


class _LeafNode(syntax.TextNode):  # type: ignore[misc]  # no types
    """A leaf in the parser's tree, which gives it its field and boost."""

    def __init__(self, kind: str, text: str, suffix: str | None, place: int) -> None:
        super().__init__(text)
        self.kind = kind
        self.suffix = suffix
        self.place = place

    def leaf(self) -> Leaf:
        return Leaf(self.kind, self.text, self.suffix, self.fieldname, self.place)


class _LeafPlugin(plugins.TaggingPlugin):  # type: ignore[misc]  # no types
    """Tags words, phrases and ranges, each with what follows its ~."""

    priority = 10  # after operators and fields, which look like words
    expr = (
        r"(?P<range>[\[{][^\]}]*[\]}])"
        r'|"(?P<phrase>[^"]*)"(?:~(?P<slop>\d*))?'
        r'|(?P<word>[^\s()"~^\[\]{}]+)(?:~(?P<distance>\d*))?'
    )

    def create(self, _parser: QueryParser, match: re.Match[str]) -> _LeafNode:
        kind = next(kind for kind in ("range", "phrase", "word") if match[kind] is not None)
        suffix = match["slop"] if kind == "phrase" else match["distance"]
        return _LeafNode(kind, match[kind], suffix, match.start(kind))


@cache
def _parser() -> QueryParser:
    """The parser for repaired texts. It keeps nothing of a query, so threads may share it."""
    names = "|".join(sorted(set(FIELDS.values())))
    return QueryParser(
        None,
        schema=None,
        plugins=[
            plugins.FieldsPlugin(rf"(?P<text>{names}):(?=\S)", remove_unknown=False),
            plugins.GroupPlugin(),
            plugins.OperatorsPlugin(
                AndNot=None,
                AndMaybe=None,
                Require=None,
                Not=r"NOT(?=\s)",
                And=r"AND(?=\s)",
                Or=r"OR(?=\s)",
            ),
            plugins.BoostPlugin(),
            _LeafPlugin(),
        ],
        group=_SideBySide,
    )
