"""Which names are to be resolved again, kept in the store until it is done."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from index.store import Store

Step = Literal["vote", "group", "shorten"]
STEPS: tuple[Step, Step, Step] = ("vote", "group", "shorten")
"""The steps of resolving, in their order: each makes keys of the later ones due."""


def make_due(store: Store, step: Step, keys: Iterable[str]) -> None:
    """Have a step look at the names of these keys."""
    store.write_many(
        "INSERT INTO names_due (step, key) VALUES (?, ?) ON CONFLICT DO NOTHING",
        [(step, key) for key in sorted(keys)],
    )


def take_due(store: Store, step: Step, at_most: int) -> list[str]:
    """Keys a step has to look at, no longer due once the transaction ends."""
    rows = store.rows(
        "SELECT key FROM names_due WHERE step = ? ORDER BY key LIMIT ?", step, at_most
    )
    store.write_many(
        "DELETE FROM names_due WHERE step = ? AND key = ?", [(step, *row) for row in rows]
    )
    return [row[0] for row in rows]


def note_renaming(store: Store) -> None:
    """Record that some name has come to stand for something else."""
    store.write("UPDATE settings SET value = value + 1 WHERE key = 'naming'")
