"""What a plain text tells about itself: an agency's dateline, and a title when it has none."""

from __future__ import annotations

import re

LONGEST_TITLE = 100
"""Characters of a title made from a sentence."""

_PLACE = r"[^\W\d_]+(?:[ .'’-]{1,2}[^\W\d_]+){0,4}"
_AGENCY = r"\s*\((?:[^\W\d_]|[ .&/-]){2,30}\)"
_DAY = r",?\s+[^\W\d_]{3,9}\.?\s+\d{1,2}(?:,\s*\d{4})?"
_DATELINE = re.compile(
    rf"\s*(?P<place>(?P<city>{_PLACE})(?:,\s?{_PLACE}\.?){{0,2}})"
    rf"(?:{_DAY})?(?P<agency>{_AGENCY})?\s*(?P<dash>—|–|--|―|\s-)\s*"
)
_SENTENCE_END = re.compile(r"(?<=[.!?…])[\"'”’)]*\s+(?=[\"'“‘(]*[A-Z0-9À-ÞЀ-Я])|\n")
_ABBREVIATION = re.compile(
    r"(?:\b(?:[A-Z]|Mr|Mrs|Ms|Dr|Prof|Gen|Maj|Col|Lt|Capt|Sgt|Sen|Rep|Gov|Pres|Rev|St|Jr|Sr|vs|No|"
    r"Inc|Corp|Ltd|Co|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)|\b[A-Z]\.[A-Z])\.$"
)
_LONGEST_SENTENCE = 2_000


def place_of_dateline(text: str) -> str:
    """The place an agency dateline names: "KYIV, Ukraine – Recent…" gives "KYIV, Ukraine".

    "" when the text does not begin with one. A dateline's city stands in capitals, or an
    agency's name in brackets follows the place ("Paris (AFP) - …").
    """
    match = _match_dateline(text)
    return match["place"] if match else ""


def title_of_text(body: str) -> str:
    """A title made from the first sentence, without its dateline; "" for a text without words.

    A sentence longer than LONGEST_TITLE is cut after a word and ends in an ellipsis.
    """
    body = body.lstrip()[:_LONGEST_SENTENCE]
    match = _match_dateline(body)
    sentence = _first_sentence(body[match.end() :] if match else body)
    if len(sentence) <= LONGEST_TITLE:
        return sentence.removesuffix(".") if not _ABBREVIATION.search(sentence) else sentence
    shortened = sentence[:LONGEST_TITLE]
    if " " in shortened:
        shortened = shortened.rpartition(" ")[0]
    return shortened.rstrip(" ,;:–—-") + "…"


def _match_dateline(text: str) -> re.Match[str] | None:
    match = _DATELINE.match(text[:200])
    if match and (match["agency"] or match["city"].isupper()):
        return match
    return None


def _first_sentence(text: str) -> str:
    for end in _SENTENCE_END.finditer(text):
        sentence = text[: end.start()]
        if text[end.start()] == "\n" or not _ABBREVIATION.search(sentence):
            break
    else:
        sentence = text
    return " ".join(sentence.split())
