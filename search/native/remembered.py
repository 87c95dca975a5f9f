"""What was looked up once and is asked for again and again."""

from __future__ import annotations

from typing import TypeVar

Asked = TypeVar("Asked")
Found = TypeVar("Found")


class Remembered(dict[Asked, Found]):
    """What was found, by what was asked. All of it is forgotten when there would be too much.

    Two threads may find out the same at once; that is harmless, as they find the same.
    """

    def __init__(self, most: int) -> None:
        """most: how much is remembered."""
        super().__init__()
        self._most = most

    def put(self, asked: Asked, found: Found) -> Found:
        """Remember what was found, and return it."""
        if len(self) >= self._most:
            self.clear()
        self[asked] = found
        return found
