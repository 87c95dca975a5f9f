"""Which language a text is written in."""

from __future__ import annotations

from functools import cache
from typing import Any

SHORTEST_TEXT = 40
"""Characters of letters below which no guess is made."""

LONGEST_SAMPLE = 4_000
"""Characters looked at; more of a text does not change the answer."""

LEAST_CONFIDENCE = 0.5
"""The model's own probability below which the language counts as unknown."""


def detect(text: str) -> str:
    """The ISO 639-1 code of the text's language, or "" when it cannot be told."""
    sample = text[:LONGEST_SAMPLE]
    letters = sum(map(str.isalpha, sample))
    if letters < SHORTEST_TEXT:
        return ""
    language, confidence = _identifier().classify(sample)
    return str(language) if confidence >= LEAST_CONFIDENCE and len(language) == 2 else ""


@cache
def _identifier() -> Any:
    # Imported here because unpacking the model takes half a second and 20 MB.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
