"""Of several forms of one name, the one to show."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from index.entities.lists import ORGANISATION_WORDS
from index.names.keys import LOST_APOSTROPHE, words

FREQUENT = 1 / 3
"""A fuller form is shown when it is in so many articles for each one with the commonest form."""


_OWNER = re.compile(
    rf"\b(?:{'|'.join(sorted(ORGANISATION_WORDS))}|department of \w+)['’]s\b", re.IGNORECASE
)
"""Whose a part of an organisation is, written as it should be."""


class Form(NamedTuple):
    """A name as articles give it, its core, and in how many articles."""

    name: str
    core: str
    articles: int


def fullest(forms: Iterable[Form]) -> str:
    """The fullest of the frequent forms, in its commonest spelling; no single word if it need not."""
    spellings: dict[tuple[str, ...], list[Form]] = defaultdict(list)
    for form in forms:
        spellings[words(form.name)].append(form)
    articles = {form: sum(spelt.articles for spelt in spellings[form]) for form in spellings}
    cores = {form: spelt[0].core for form, spelt in spellings.items()}
    several = [form for form in spellings if " " in cores[form]] or list(spellings)
    enough = FREQUENT * max(articles[form] for form in several)
    frequent = [form for form in several if articles[form] >= enough]
    best = max(frequent, key=lambda form: (len(form), articles[form], form))
    if len(best) > 1:  # texts that lost their apostrophes have "John Kirbys"
        without_s = (*best[:-1], best[-1].removesuffix("s"))
        best = without_s if without_s in frequent else best
    if len(spellings[best]) == 1:
        return spellings[best][0].name
    return max(
        spellings[best],
        key=lambda form: (
            _OWNER.search(form.name) is not None,
            LOST_APOSTROPHE.search(form.name) is None,
            form.articles,
            not form.name.isupper(),
            form.name,
        ),
    ).name
