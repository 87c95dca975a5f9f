"""One word, phrase or range of a query, read by the field it is for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

import pycountry
import regex

from index.articles import FACETS, UNCERTAIN
from index.tokens import Token, fold, pieces, split_raw, tokens, words
from search.plan import REMOVED
from search.query_clauses import Clause, Every, Named, Not, Period, Term, Wild, grouped
from search.query_dates import Days, exchanged, read_days, read_range
from search.query_lexemes import Repairs, quoted
from search.query_repair import RepairedQuery

MOST_SLOP = 100
"""Words that may stand between those of a near phrase; more is asking for any place."""

MOST_DISTANCE = 2
"""Edits of a fuzzy word; with three, words of seven letters match hundreds of others."""

_SHORT_WORD = 5

_WILD_IN_WORD = regex.compile(r"[*?]")
_WILD_IN_PHRASE = regex.compile(r"(?<=[\p{L}\p{N}])(?:\*|\?(?=[\p{L}\p{N}]))|\*(?=[\p{L}\p{N}])")
_QUESTION_MARKS_AT_THE_END = regex.compile(r"(?<=[\p{L}\p{M}\p{N}*])[?!.,;…]*\?[?!.,;…]*$")
_ELISION = regex.compile(r"\b([cdjlmnst]|qu)['’](?=[\p{L}*?]{2})")
_APOSTROPHE = regex.compile(r"['’]")
_CHUNK = regex.compile(
    r"[*?]* (?: [\p{L}\p{M}] [\p{L}\p{M}*?]* | \p{N} [\p{N}\p{L}\p{M}*?]* (?:\.\p{N}+)* )",
    regex.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Leaf:
    """A leaf as the parser found it in the repaired text.

    kind: how it was written; suffix: the number after ~, None without one; place: where `text`
    begins.
    """

    kind: str
    text: str
    suffix: str | None
    field: str | None
    place: int


@dataclass(slots=True)
class LeafReader:
    """Reads the leaves of one query; gathers its words and repairs."""

    query: RepairedQuery
    today: date
    repairs: Repairs
    words: list[Token] = field(default_factory=list)

    def read(self, leaf: Leaf) -> Clause | None:
        """What a leaf says; None when nothing is left of it."""
        if leaf.kind == "range" or leaf.field == "date":
            return self._period(leaf)
        if leaf.field in FACETS:
            return self._named(leaf, leaf.field or "")
        if leaf.text == "*" and leaf.kind == "word":
            return self._anything(leaf)
        if leaf.kind == "phrase":
            return self._phrase(leaf)
        return self._word(leaf)

    def _anything(self, leaf: Leaf) -> Clause:
        if leaf.field == REMOVED:
            return Wild("prefix", "", field=REMOVED)
        if leaf.field:
            self.repairs.add(f"{quoted(leaf.field + ':*')} is true of every article")
        return Every()

    def _period(self, leaf: Leaf) -> Clause | None:
        if leaf.text.strip().lower() == UNCERTAIN:
            return Named("dating", (UNCERTAIN,), (UNCERTAIN,))
        if leaf.suffix is not None:
            self._ignored("~" + leaf.suffix, "a date")
        days = self._range(leaf.text) if leaf.kind == "range" else read_days(leaf.text, self.today)
        if days is None:
            self.repairs.add(f"{quoted(leaf.text)} is not a date: left out")
            return None
        return Period(days)

    def _range(self, text: str) -> Days | None:
        opening, inside, closing = text[0], text[1:-1], text[-1]
        days = read_range(inside, opening, closing, self.today)
        if days is None:
            days = read_range(exchanged(inside), opening, closing, self.today)
            if days is not None:
                self.repairs.add(f"the ends of {quoted(text)} were exchanged")
        return days

    def _named(self, leaf: Leaf, facet: str) -> Clause | None:
        if leaf.suffix is not None:
            self._ignored("~" + leaf.suffix, facet)
        if leaf.text.strip() == "*":
            return Named(facet, ("*",), ("*",))
        if facet == "language" and (code := language_code(leaf.text)):
            return Named(facet, (code,), (code,))
        parts = split_raw(leaf.text + " ")
        raw, found = [], []
        for typed, following in zip(parts[1::2], parts[2::2], strict=True):
            if cut := pieces(typed):
                star = "*" if following.startswith("*") and following != "*" else ""
                raw.append(typed + star)
                found += [*cut[:-1], cut[-1] + star]
        if len(_WILD_IN_PHRASE.findall(leaf.text)) > sum(word.endswith("*") for word in found):
            self.repairs.add(f"in {facet}: only a * at the end of a word has a meaning")
        return Named(facet, tuple(raw), tuple(found)) if found else None

    def _phrase(self, leaf: Leaf) -> Clause | None:
        if _WILD_IN_PHRASE.search(leaf.text):
            self.repairs.add("* and ? inside quotation marks were ignored")
        slop = int(leaf.suffix or 0)
        if slop > MOST_SLOP:
            self.repairs.add(f"~{slop} was read as ~{MOST_SLOP}")
            slop = MOST_SLOP
        term = self._term(leaf, slop)
        if term and len(term.pieces) == 1 and leaf.suffix is not None:
            self._ignored("~" + leaf.suffix, "a single word in quotation marks")
        return term

    def _word(self, leaf: Leaf) -> Clause | None:
        text = _QUESTION_MARKS_AT_THE_END.sub("", leaf.text)
        if text != leaf.text:
            self.repairs.add("a question mark at the end of a word was ignored")
        if _WILD_IN_WORD.search(text):
            if leaf.suffix is not None:
                self._ignored("~" + leaf.suffix, f"{quoted(text)}, a word with * or ?")
            return self._wild(text, leaf.field)
        if leaf.suffix is None:
            return self._term(leaf, 0)
        return self._fuzzy(leaf, text)

    def _term(self, leaf: Leaf, slop: int) -> Term | None:
        raw = tuple(part for part in split_raw(leaf.text)[1::2] if pieces(part))
        cut = tuple(piece for part in raw for piece in pieces(part))
        for token in tokens(leaf.text) if leaf.field != REMOVED else ():
            start = self.query.typed_at(leaf.place + token.start)
            end = self.query.typed_at(leaf.place + token.end - 1) + 1
            self.words.append(Token(token.word, start, end))
        return Term(raw, cut, slop if len(cut) > 1 else 0, leaf.field) if cut else None

    def _fuzzy(self, leaf: Leaf, text: str) -> Clause | None:
        found = words(text)
        if len(found) != 1:
            self._ignored(f"~{leaf.suffix}", f"{quoted(text)}, more than one word")
            return self._term(leaf, 0)
        distance = int(leaf.suffix) if leaf.suffix else usual_edits(found[0])
        if distance == 0:
            return self._term(leaf, 0)
        if distance > MOST_DISTANCE:
            self.repairs.add(f"~{distance} was read as ~{MOST_DISTANCE}, the most there is")
        return Wild("fuzzy", found[0], min(distance, MOST_DISTANCE), leaf.field)

    def _wild(self, text: str, field_name: str | None) -> Clause | None:
        folded = _APOSTROPHE.sub("", _ELISION.sub(r"\1 ", fold(text)))
        chunks = [chunk.rstrip("?") for chunk in _CHUNK.findall(folded)]
        clauses = [self._chunk(chunk, field_name) for chunk in chunks]
        whole = grouped("all", [clause for clause in clauses if clause])
        if whole is None:
            self.repairs.add(f"{quoted(text)} has no letters to go by: left out")
        elif len(clauses) > 1:
            self.repairs.add(f"{quoted(text)} was read as {whole}")
        return whole

    def _chunk(self, chunk: str, field_name: str | None) -> Clause | None:
        plain = _WILD_IN_WORD.sub("", chunk)
        cut = pieces(plain)
        if len(cut) != 1 or plain == chunk:
            if plain != chunk:
                self._ignored("*", quoted(plain))
            return Term((plain,), cut, 0, field_name) if cut else None
        if chunk == plain + "*":
            return Wild("prefix", plain, field=field_name)
        return Wild("wildcard", chunk, field=field_name)

    def _ignored(self, what: str, where: str) -> None:
        self.repairs.add(f"{quoted(what)} has no meaning for {where}: ignored")


def usual_edits(word: str) -> int:
    """The edits that people make in a word: one in up to five letters, and two in more."""
    return 1 + (len(word) > _SHORT_WORD)


@lru_cache(maxsize=64)
def language_code(name: str) -> str:
    """The two-letter code of a language by its English name; "" when there is none."""
    try:
        return str(pycountry.languages.lookup(name.strip()).alpha_2)
    except (LookupError, AttributeError):
        return ""


def negated(clause: Clause) -> Clause:
    """Everything but the clause."""
    return clause.clause if isinstance(clause, Not) else Not(clause)
