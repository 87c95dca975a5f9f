"""Cuts chunks into words and these into sentences, with the place of every word.

Words here are finer than those of the index: punctuation stands as words of its own, "U.S." and
"Gen." keep their dots, and the possessive is cut from its noun, because a recogniser learns from
all of them. What stands between white space has been cut apart before (see `chunks`).
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from index.compilation import kernel
from index.entities.lists import SENTENCE_STARTS

_ABBREVIATIONS = (
    "[A-Z]",
    "Mr|Ms|Dr|Lt|St|Jr|Sr|Co|vs|Ft|Mt|Pa|Va|Ga|La|Md|Ky|Mo|Vt|No",
    "Mrs|Gen|Col|Maj|Sgt|Adm|Sen|Rep|Gov|Rev|Hon|Inc|Ltd|Cos|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Ala|Ark|Fla|Ill|Ind|Kan|Neb|Nev|Ore|Tex|Wis|Wyo|Del|Spc|Pvt|Cpl|Pfc|Det|etc",
    "Prof|Capt|Cmdr|Brig|Bros|Corp|Sept|Ariz|Colo|Conn|Mass|Mich|Minn|Miss|Mont|Okla|Tenn|Wash|Supt|Insp|Assn|Dept|Univ",
    "Calif",
    "Messrs|approx",
)
"""Written with a dot that need not end a sentence, by length, as look-behinds must be."""
_AFTER_ABBREVIATION = "|".join(rf"(?<=\b(?:{words})\.)" for words in _ABBREVIATIONS)
_LETTERS = r"[^\W_]+"
_WITH_POSSESSIVE = "Christie|Kellogg|Lloyd|Macy|McDonald|Moody|Poor|Sainsbury|Sotheby|Wendy"
"""Names of companies that end in 's; in other names it is cut off."""
_WORD = (
    rf"(?:{_WITH_POSSESSIVE})['’]s(?!{_LETTERS})|"
    rf"(?:{_WITH_POSSESSIVE.upper()})['’]S(?!{_LETTERS})|{_LETTERS}"
    rf"(?:[-&]{_LETTERS}|['’](?!(?:s|S|re|ve|ll|d|m)\b){_LETTERS}|\.[a-z]+(?![a-z.]))*"
    rf"(?:\.(?:{_AFTER_ABBREVIATION}))?"
)
_PIECE = "|".join(
    (
        rf"(?:[A-Z]\.){{2,}}(?:[A-Z]\b)?(?:-{_LETTERS})*",
        r"\d+(?:[.,:/]\d+)+",
        r"https?://\S+",
        _WORD,
        r"['’](?:s|S|re|ve|ll|d|m)\b",
        r"[@#]\w+",
        r"\.{2,}|--+|``|''",
        r"\S",
    )
)
_piece = re.compile(_PIECE)

_ALONE = frozenset(",;:?!)")
"""Marks that stand as words of their own behind any word, unlike dots and apostrophes."""

ENDS, CLOSES, LOWER, DOTTED, STARTS = 1, 2, 4, 8, 16
"""Marks of a word that decide where sentences end; see `marks`."""

_ENDING = (".", "!", "?", "...", "…")
_CLOSING = ('"', "''", ")", "]", "'", "”", "’")
_MARKS = dict.fromkeys(_ENDING, ENDS) | dict.fromkeys(_CLOSING, CLOSES)
_MARKS |= dict.fromkeys(SENTENCE_STARTS, STARTS)
_LONGEST_SENTENCE = 400
"""Words; a sentence is cut there, so that no text takes more than linear time or memory."""


def pieces(chunk: str) -> list[str]:
    """The words of a chunk; joined they are the chunk."""
    if chunk.isalpha():
        return [chunk]
    word, last = chunk[:-1], chunk[-1]
    if last in _ALONE and word.isalpha():
        return [word, last]
    return _piece.findall(chunk)


def marks(word: str) -> int:
    """What a word means for where sentences end, as the sum of its marks."""
    mark = LOWER * word[0].islower() + DOTTED * (word[-1] == "." and len(word) > 1)
    return mark | _MARKS.get(word, 0)


@kernel
def lay_out(
    chunks: tuple[NDArray[np.int32], NDArray[np.int64], NDArray[np.bool_]],
    contents: tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.int32]],
    marks: NDArray[np.uint8],
    out: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> int:
    """Fill in the number, start and end of every word and the starts of sentences; count these.

    chunks: their numbers, in the order of the text, where each begins, and whether a line breaks
    behind it. contents: where each chunk's words begin, the numbers of the words, their lengths.
    marks: by word number.
    """
    numbers, places, breaks = chunks
    first, members, lengths = contents
    at, starts, ends, sentences = out
    count: int = 0
    words = 0
    ended = 0
    sentences[0] = 0
    for n in range(len(numbers)):
        chunk = numbers[n]
        place = places[n]
        for m in range(first[chunk], first[chunk + 1]):
            mark = marks[members[m]]
            if ended and not mark & CLOSES:
                if (ended & ENDS and not mark & LOWER) or mark & STARTS:
                    count += words > sentences[count]
                    sentences[count] = words
                ended = 0
            elif words - sentences[count] == _LONGEST_SENTENCE:
                count += 1
                sentences[count] = words
            at[words] = members[m]
            starts[words] = place
            place += lengths[m]
            ends[words] = place
            ended |= mark & (ENDS | DOTTED)
            words += 1
        if breaks[n]:
            count += words > sentences[count]
            sentences[count] = words
            ended = 0
    count += words > sentences[count]
    sentences[count] = words
    return count
