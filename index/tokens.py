"""The only tokenizer: what a word is, for every engine, for queries and for snippets.

A text is cut into *raw words* (runs of letters, marks and digits, with apostrophes, dots and
commas inside), and each raw word into *pieces*, which are what is indexed, one position each:

| in the text      | pieces          | so that people find it as         |
|------------------|-----------------|-----------------------------------|
| Ukraine's        | ukraine         | ukraine                           |
| O'Brien          | obrien          | o'brien, obrien                   |
| l'Élysée         | l elysee        | élysée, elysee, "l'élysée"        |
| U.S.             | us              | U.S., US, us                      |
| Covid-19         | covid 19        | covid-19, covid19, "covid 19"     |
| F-16, F16        | f 16            | f-16, f16                         |
| 10,000           | 10000           | 10,000, 10000                     |
| 11.5             | 11.5            | 11.5                              |
| 北京             | 北 京           | 北京 (as a phrase)                |

Pieces are folded (case and accents) and then stemmed for the article's language. Folding comes
first so that a word finds the same articles typed with or without its accents.
"""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

import regex

from index.imports import import_without

if TYPE_CHECKING:
    from nltk.stem.snowball import SnowballStemmer

_snowball = import_without("nltk.stem.snowball", "scipy.stats", "scipy.sparse")

LONGEST_WORD = 80
"""Characters of a piece that count; what is longer is cut, so that terms stay small."""

STEMMERS = {
    "ar": "arabic",
    "da": "danish",
    "de": "german",
    "en": "english",
    "es": "spanish",
    "fi": "finnish",
    "fr": "french",
    "hu": "hungarian",
    "it": "italian",
    "nl": "dutch",
    "no": "norwegian",
    "nb": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sv": "swedish",
}
"""Languages with a Snowball stemmer. Words of others are indexed as they stand."""

STOP_WORDS = frozenset(
    "a about above after again against all also am an and any are arent as at be because been "
    "before being below between both but by can cant could couldnt did didnt do does doesnt doing "
    "dont down during each few for from further had hadnt has hasnt have havent having he her "
    "here hers herself him himself his how i if im in into is isnt it its itself ive just me more "
    "most my myself no nor not now of off on once only or other our ours ourselves out over own "
    "same she should shouldnt so some such than that the their theirs them themselves then there "
    "these they theyre theyve this those through to too under until up very was wasnt we were "
    "werent weve what when where which while who whom why will with would wouldnt you your youre "
    "yours yourself yourselves youve".split()
)
"""English function words (folded). Indexed like all others; see search.query_any for their use.

Without *us* and *may*: folded, they are a country and a month.
"""

_WORD_CATEGORIES = frozenset("LMN")
_BEYOND_THE_BASIC_PLANE = "\U00010000-\U0001efff\U00020000-\U0003ffff"
_ELISION = re.compile(r"(?:[cdjlmnst]|qu)['’](?=\w\w)", re.IGNORECASE)
_POSSESSIVE = re.compile(r"['’]s$", re.IGNORECASE)
_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}"
_PIECE = regex.compile(
    rf"""
      (?P<acronym> (?:\p{{L}}\.)+ \p{{L}} (?![\p{{L}}\p{{M}}]) )
    | (?P<sign> [{_UNSPACED}] \p{{M}}* )
    | (?P<number> \p{{N}}+ (?: \.\p{{N}}+ | ,\p{{N}}{{3}}(?!\p{{N}}) )*
                  (?: [[\p{{L}}\p{{M}}]--[{_UNSPACED}]]+ )? )
    | (?P<word> [[\p{{L}}\p{{M}}]--[{_UNSPACED}]]+ (?: ['’] [[\p{{L}}\p{{M}}]--[{_UNSPACED}]]+ )* )
    """,
    regex.VERBOSE | regex.VERSION1,
)
_DIACRITICS = regex.compile(r"(?<=[\p{Latin}\p{Greek}\p{Hebrew}\p{Arabic}]\p{Mn}*)\p{Mn}+")
_UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ё": "е"}
)
_stemming = threading.Lock()


@dataclass(frozen=True, slots=True)
class Token:
    """A piece where it stands: text[start:end] became `word`, folded but not stemmed."""

    word: str
    start: int
    end: int


def tokens(text: str) -> Iterator[Token]:
    """The pieces of a text in order; the n-th has position n."""
    for raw in _raw_word().finditer(text):
        start = raw.start()
        for word, first, last in _cut(raw.group()):
            yield Token(word, start + first, start + last)


def words(text: str) -> list[str]:
    """The folded pieces of a text in order, without their places.

    They are those of its chunks, one after the other: what stands between white space, in lower
    case. Chunks repeat, so that what they are cut into is remembered (and while indexing numbered,
    see index.native.chunk_table).
    """
    return [word for chunk in text.lower().split() for word in pieces(chunk)]


def split_raw(text: str) -> list[str]:
    """What stands between the raw words of a text, and the raw words, in turn.

    Begins and ends with a part between words, mostly empty; joined it is the text.
    """
    return _raw_word_kept().split(text)


def pieces(chunk: str) -> tuple[str, ...]:
    """The folded pieces of a chunk in order; mostly one."""
    return _remembered_pieces(chunk) if len(chunk) <= LONGEST_WORD else _find_pieces(chunk)


def _find_pieces(chunk: str) -> tuple[str, ...]:
    return tuple(word for raw in _raw_word().findall(chunk) for word, _, _ in _cut(raw))


_remembered_pieces = lru_cache(maxsize=1 << 17)(_find_pieces)


@lru_cache(maxsize=1 << 17)
def stem(word: str, language: str) -> str:
    """The stem of a folded piece in a language (ISO 639-1; "" is read as English)."""
    stemmer = _stemmer(STEMMERS.get(language or "en"))
    if stemmer is None or not word.isalpha():
        return word
    with _stemming:  # some of NLTK's stemmers keep the word they work on in themselves
        return str(stemmer.stem(word)) or word


def fold(text: str) -> str:
    """Lower case without accents, for comparing; length and offsets may change."""
    if text.isascii():
        return text.lower()
    lower = unicodedata.normalize("NFKC", text).casefold()
    decomposed = unicodedata.normalize("NFKD", lower.translate(_UNDECOMPOSED))
    return unicodedata.normalize("NFC", _DIACRITICS.sub("", decomposed))


def _cut(raw: str) -> list[tuple[str, int, int]]:
    """(folded piece, start, end) for each piece of a raw word."""
    if raw.isascii() and raw.isalpha():
        return [(raw.lower()[:LONGEST_WORD], 0, len(raw))]
    found = []
    for match in _PIECE.finditer(raw):
        start, end = match.span()
        if match.lastgroup == "word":
            found += _cut_word(raw, start, end)
        else:
            inner = "." if match.lastgroup == "acronym" else ","
            found.append((match.group().replace(inner, ""), start, end))
    folded = [(fold(piece)[:LONGEST_WORD], start, end) for piece, start, end in found]
    return [cut for cut in folded if cut[0]]


def _cut_word(raw: str, start: int, end: int) -> list[tuple[str, int, int]]:
    """Letters with apostrophes: elided articles stand alone, possessives go."""
    found = []
    if elided := _ELISION.match(raw, start, end):
        found.append((raw[start : elided.end() - 1], start, elided.end() - 1))
        start = elided.end()
    if possessive := _POSSESSIVE.search(raw, start, end):
        end = possessive.start()
    piece = raw[start:end].replace("'", "").replace("’", "")
    return [*found, (piece, start, end)]


@cache
def _raw_word() -> re.Pattern[str]:
    """One or more letters, marks and digits, joined by single apostrophes, dots and commas.

    The class is spelled out in ranges because the usual one for words leaves out the combining marks that words of
    many scripts are written with.
    """
    ranges: list[list[int]] = []
    for code in range(0x10000):
        if unicodedata.category(chr(code))[0] not in _WORD_CATEGORIES:
            continue
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])
    letters = "".join(f"{chr(a)}-{chr(b)}" for a, b in ranges) + _BEYOND_THE_BASIC_PLANE
    return re.compile(f"[{letters}]+(?:['’.,][{letters}]+)*")


@cache
def _raw_word_kept() -> re.Pattern[str]:
    """The same as one group, which makes split() keep it."""
    return re.compile(f"({_raw_word().pattern})")


@cache
def _stemmer(language: str | None) -> SnowballStemmer | None:
    return _snowball.SnowballStemmer(language) if language else None
