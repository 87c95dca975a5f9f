"""Which page of the hits is meant: cursors written and read.

A cursor names the last hit of a page by what it is ordered by, not by its number. So articles
that come in or go away between two pages shift no hit onto both of them or between them.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from typing import NamedTuple

from search.errors import CursorError
from search.request import SearchRequest

_DIGEST_LENGTH = 12


class LastHit(NamedTuple):
    """What the hits after this one are ordered by."""

    score: float
    published: int | None
    article_id: str


def write_cursor(last: LastHit, request: SearchRequest) -> str:
    """A cursor to what follows the hit in the answer to this question; URL-safe ASCII."""
    payload = json.dumps([_digest(last, request), *last]).encode()
    return base64.urlsafe_b64encode(payload).decode().rstrip("=")


def read_cursor(request: SearchRequest) -> LastHit | None:
    """The hit the request's cursor names; raises CursorError for another question's."""
    cursor = request.cursor
    if cursor is None:
        return None
    try:
        payload = base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        digest, score, published, article_id = json.loads(payload)
        last = LastHit(float(score), published, article_id)
        if digest == _digest(last, request):
            return last
    except (binascii.Error, ValueError, TypeError, RecursionError):
        pass
    raise CursorError("cursor", cursor, "the next_cursor of an answer to the same question")


def _digest(last: LastHit, request: SearchRequest) -> str:
    """Ties a hit to a question, which is everything that decides which hits come in which order."""
    decisive = (request.plan, request.filters, request.dates, request.sort, request.copies)
    encoded = repr((last, *decisive)).encode("utf-8", "surrogatepass")
    return hashlib.sha256(encoded).hexdigest()[:_DIGEST_LENGTH]
