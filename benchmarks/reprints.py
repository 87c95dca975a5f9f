"""Copies of articles as other papers would print them: cut, reordered, reworded, with other leads.

The same for the same seed. Rewording takes words from other articles, so that what is new in a copy
is no more alike to the original than any text is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from types import MappingProxyType

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[\"“A-Z0-9])")
_LEADS = (
    "Officials said on",
    "It emerged on",
    "In a development reported on",
    "Readers learned on",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_SIGNED = ("Reporting by the news desk.", "With material from agencies.", "Edited for length.")


@dataclass(frozen=True, slots=True)
class Strength:
    """How much an editor changes; all are shares.

    dropped: of the sentences, whole. reordered: of the sentences, exchanged with a neighbour.
    reworded: of the sentences, and of their words that are no names or figures how many are
    replaced, left out or followed by another (`words`). lead: whether the first sentence is
    written anew; headline: whether that is. added: sentences of another article, of all.
    """

    dropped: float
    reordered: float
    reworded: float
    words: float
    lead: bool
    headline: bool
    added: float


STRENGTHS: Mapping[str, Strength] = MappingProxyType(
    {
        "reprint": Strength(0.0, 0.0, 0.0, 0.0, lead=False, headline=True, added=0.0),
        "light": Strength(0.05, 0.05, 0.2, 0.1, lead=False, headline=True, added=0.0),
        "medium": Strength(0.1, 0.15, 0.3, 0.15, lead=True, headline=True, added=0.05),
        "strong": Strength(0.25, 0.3, 0.5, 0.2, lead=True, headline=True, added=0.1),
        "shortened": Strength(0.55, 0.0, 0.1, 0.15, lead=False, headline=True, added=0.0),
    }
)
"""What a copy may have gone through, by name."""


def sentences(body: str) -> list[str]:
    """The sentences of a text, roughly: good enough to move and cut them."""
    return [part for line in body.split("\n") for part in _SENTENCE.split(line) if part.strip()]


def edited(
    title: str, body: str, strength: Strength, other: str, random: Random
) -> tuple[str, str]:
    """Title and body of a copy; `other` is an unrelated article that words are taken from."""
    found = sentences(body)
    lead, rest = found[0], found[1:]
    kept = [each for each in rest if random.random() >= strength.dropped] or rest[:1]
    for place in range(len(kept) - 1):
        if random.random() < strength.reordered:
            kept[place], kept[place + 1] = kept[place + 1], kept[place]
    words = [word for word in other.split() if word.islower()] or ["also"]
    lead = _new_lead(lead, words, random) if strength.lead else lead
    kept = [
        _reworded(each, words, strength.words, random)
        if random.random() < strength.reworded
        else each
        for each in (lead, *kept)
    ]
    strangers = sentences(other)
    for _ in range(round(strength.added * len(kept))):
        kept.insert(random.randrange(1, len(kept) + 1), random.choice(strangers))
    if strength.headline:
        title = " ".join(random.sample(title.split(), k=len(title.split()) // 2) + words[:4])
        kept.append(random.choice(_SIGNED))
    return title, _paragraphs(kept)


def _new_lead(lead: str, words: Sequence[str], random: Random) -> str:
    """The lead said another way round: its second half first, a third of its words replaced."""
    parts = lead.rstrip(".").split()
    turned = [*parts[len(parts) // 2 :], *parts[: len(parts) // 2]]
    begun = f"{random.choice(_LEADS)} {random.choice(_DAYS)} that"
    return f"{begun} {_reworded(' '.join(turned), words, 0.3, random)}."


def _reworded(sentence: str, words: Sequence[str], share: float, random: Random) -> str:
    written: list[str] = []
    for word in sentence.split():
        if not word.islower() or random.random() >= share:
            written.append(word)
            continue
        change = random.randrange(4)  # half of the changes replace a word
        written += [[], [word, random.choice(words)], *2 * [[random.choice(words)]]][change]
    return " ".join(written)


def _paragraphs(kept: Sequence[str]) -> str:
    return "\n".join(" ".join(kept[start : start + 2]) for start in range(0, len(kept), 2))
