"""Cuts a text into words and sentences for recognition, with the place of every word.

Words here are finer than those of the index: punctuation stands as words of its own, "U.S." and
"Gen." keep their dots, and the possessive is cut from its noun, because a recogniser learns from
all of them.
"""

from __future__ import annotations

from nltk.tokenize import RegexpTokenizer

_ABBREVIATIONS = (
    "Mr Ms Dr Lt St Jr Sr Co vs Ft Mt Pa Va Ga La Md Ky Mo Vt "
    "Mrs Gen Col Maj Sgt Adm Sen Rep Gov Rev Hon Inc Ltd Cos Jan Feb Mar Apr Jun Jul Aug Sep Oct "
    "Nov Dec Ala Ark Fla Ill Ind Kan Neb Nev Ore Tex Wis Wyo Del Spc Pvt Cpl Pfc Det etc "
    "Prof Capt Cmdr Brig Bros Corp Sept Ariz Colo Conn Mass Mich Minn Miss Mont Okla Tenn Wash "
    "Supt Insp Assn Dept Univ Calif Messrs approx"
).split()
"""Written with a dot that ends no sentence, besides initials and "No." before a number."""


def _after_abbreviation() -> str:
    """A dot that belongs to the word before it; one look-behind for each length."""
    by_length: dict[int, list[str]] = {}
    for word in _ABBREVIATIONS:
        by_length.setdefault(len(word), []).append(word)
    behind = [rf"(?<=\b(?:{'|'.join(words)})\.)" for words in by_length.values()]
    return "|".join([*behind, r"(?<=\b[A-Z]\.)(?=\s?[A-Z])", r"(?<=\bNo\.)(?=\s?\d)"])


_LETTERS = r"[^\W_]+"
_WORD = (
    rf"{_LETTERS}"
    rf"(?:[-&]{_LETTERS}|['’](?!(?:s|S|re|ve|ll|d|m)\b){_LETTERS}|\.[a-z]+(?![a-z.]))*"
    rf"(?:\.(?:{_after_abbreviation()}))?"
)
_PIECE = "|".join(
    (
        r"\s+",
        rf"(?:[A-Z]\.){{2,}}(?:[A-Z]\b)?(?:-{_LETTERS})*",
        r"\d+(?:[.,:/]\d+)+",
        r"https?://\S+",
        _WORD,
        r"['’](?:s|S|re|ve|ll|d|m)\b",
        r"[@#]\w+",
        r"\.{2,}|--+|``|''",
        r"[\s\S]",
    )
)
_tokenizer = RegexpTokenizer(_PIECE)


def pieces(text: str) -> list[str]:
    """The words of a text and the white space between them: joined they are the text."""
    found: list[str] = _tokenizer.tokenize(text)
    return found


_ENDS = frozenset((".", "!", "?", "..."))
_CLOSERS = frozenset(('"', "''", ")", "]", "'", "”", "’"))


def sentences(cut: list[str]) -> list[tuple[int, int]]:
    """First word and word after the last of each sentence; white space is not counted."""
    found = []
    start = at = 0
    ended = False
    for piece in cut:
        if piece.isspace():
            if "\n" in piece and at > start:
                found.append((start, at))
                start, ended = at, False
            continue
        if ended and piece not in _CLOSERS:
            if not piece[0].islower():
                found.append((start, at))
                start = at
            ended = False
        ended = ended or piece in _ENDS
        at += 1
    if at > start:
        found.append((start, at))
    return found
