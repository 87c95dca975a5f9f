"""What can go wrong while searching.

SearchError
├── RequestError          a parameter no engine can honour: says which, its value, what was expected
│   └── CursorError       a cursor that was altered, or belongs to another question
└── EngineUnavailable     the index cannot be opened or does not answer

A query text never raises: it is repaired, and the reading says how (search.query).
"""

from __future__ import annotations


class SearchError(Exception):
    """The root of everything search/ raises on purpose."""


class RequestError(SearchError):
    """A parameter that cannot be honoured.

    Attributes: field, value (as given) and expected, for messages and problem documents.
    """

    def __init__(self, field: str, value: object, expected: str) -> None:
        super().__init__(f"{field} is {value!r}; expected {expected}")
        self.field = field
        self.value = value
        self.expected = expected


class CursorError(RequestError):
    """A cursor that was altered, or was made by another question."""


class EngineUnavailable(SearchError):
    """The index cannot be opened or does not answer; the message says what repairs it."""
