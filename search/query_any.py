"""What standing side by side means when any of the words will do, that is with match "any"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

from index.tokens import STOP_WORDS
from search.bm25 import query_weight
from search.query_clauses import Clause, Term, boosted, grouped, is_condition
from search.query_lexemes import Repairs, quoted

WORDS_OF_A_HEADLINE = 5
WORDS_AN_OPERATOR = 3
"""A text in capitals with so many words, and so many for each AND, OR and NOT, is a headline. All
19 with NOT or AND among 500 of Reuters are; no query that joins all its words by operators is."""

_OPERATOR = re.compile(r"(?<!\S)(?:AND|OR|NOT)(?!\S)")
_QUOTE = re.compile(r'["“”„‟«»＂]')


def as_spoken(text: str, repairs: Repairs) -> str:
    """The text of a query; of a headline all in capitals with its operators in small letters.

    They are words like the others then. The text stays as long as it is.
    """
    operators = _OPERATOR.findall(text)
    if not operators or not text.isupper() or _QUOTE.search(text):
        return text
    others = len(text.split()) - len(operators)
    if others < max(WORDS_OF_A_HEADLINE, WORDS_AN_OPERATOR * len(operators)):
        return text
    for operator in operators:
        repairs.add(f"{quoted(operator)} was read as a word: everything is in capitals")
    return _OPERATOR.sub(lambda found: found.group().lower(), text)


def any_of(clauses: list[Clause], repairs: Repairs, *, english: bool) -> Clause | None:
    """Any of the words, best first, under all of the conditions; None when there are neither.

    english: whether English stop words are left out, if there are other words.
    """
    conditions = [clause for clause in clauses if is_condition(clause)]
    scoring = [clause for clause in clauses if not is_condition(clause)]
    telling = [clause for clause in scoring if not (english and _is_stop_word(clause))]
    for clause in scoring if telling else ():
        if clause not in telling:
            repairs.add(f"{quoted(str(clause))} is in nearly every article: ignored")
    any_word = grouped("any", _repeated(telling) if telling else scoring)
    return grouped("all", [any_word, *conditions] if any_word else conditions)


def _is_stop_word(clause: Clause) -> bool:
    return (
        isinstance(clause, Term)
        and clause.field is None
        and len(clause.pieces) == 1
        and clause.pieces[0] in STOP_WORDS
    )


def _repeated(clauses: list[Clause]) -> list[Clause]:
    """Each clause once, with the weight of as many times as it is there."""
    first: dict[Clause, Clause] = {}
    times: Counter[Clause] = Counter()
    for clause in clauses:
        meaning = replace(clause, raw=()) if isinstance(clause, Term) else clause
        first.setdefault(meaning, clause)
        times[meaning] += 1
    return [boosted(clause, query_weight(times[meaning])) for meaning, clause in first.items()]
