"""Cuts a text into words and sentences for recognition, with the place of every word.

Words here are finer than those of the index: punctuation stands as words of its own, "U.S." and
"Gen." keep their dots, and the possessive is cut from its noun, because a recogniser learns from
all of them. A text is first cut at white space into *chunks*, because the same few chunks come
again and again and need their words found only once.
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
_chunk = re.compile(r"\S+\s*|\s+")
_piece = re.compile(_PIECE)

ENDS, CLOSES, LOWER, DOTTED, STARTS = 1, 2, 4, 8, 16
"""Marks of a word that decide where sentences end; see `marks`."""

_ENDING = frozenset((".", "!", "?", "...", "…"))
_CLOSING = frozenset(('"', "''", ")", "]", "'", "”", "’"))
_LONGEST_SENTENCE = 400
"""Words; a sentence is cut there, so that no text takes more than linear time or memory."""


def chunks(text: str) -> list[str]:
    """The runs of anything but white space, each with that behind it: joined they are the text."""
    return _chunk.findall(text)


def pieces(chunk: str) -> list[str]:
    """The words of a chunk without white space; joined they are the chunk."""
    return [chunk] if chunk.isalpha() else _piece.findall(chunk)


def marks(word: str) -> int:
    """What a word means for where sentences end, as the sum of its marks."""
    return (
        ENDS * (word in _ENDING)
        + CLOSES * (word in _CLOSING)
        + LOWER * word[0].islower()
        + DOTTED * (word[-1] == "." and len(word) > 1)
        + STARTS * (word in SENTENCE_STARTS)
    )


@kernel
def lay_out(
    chunks: NDArray[np.int64],
    lengths: NDArray[np.int64],
    contents: tuple[NDArray[np.int32], NDArray[np.int8], NDArray[np.int32], NDArray[np.int32]],
    marks: NDArray[np.uint8],
    out: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]],
) -> int:
    """Fill in the number, start and end of every word and the starts of sentences; count these.

    chunks: their numbers, in the order of the text; lengths: their characters.
    contents: where each chunk's words begin, whether a line breaks in the white space behind it, the
    numbers of the words, their lengths. marks: by word number.
    """
    first, breaks, members, member_lengths = contents
    at, starts, ends, sentences = out
    count: int = 0
    words = position = 0
    ended = 0
    sentences[0] = 0
    for n in range(len(chunks)):
        chunk = chunks[n]
        place = position
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
            place += member_lengths[m]
            ends[words] = place
            ended |= mark & (ENDS | DOTTED)
            words += 1
        position += lengths[n]
        if breaks[chunk]:
            count += words > sentences[count]
            sentences[count] = words
            ended = 0
    count += words > sentences[count]
    sentences[count] = words
    return count
