"""What each name of the archive stands for: worked out for names that others' counts bear on.

The result depends on nothing but the counts of names (`counting`), so that it is the same in
whatever order articles came and went. Three steps, each looking at the names that share a key:

- vote: names of one core (`keys.core`) are of one type, that which most articles say
- group: names of several words in one bucket (`keys.bucket`) are forms of one name
- shorten: a word or two stand for the longer name that they clearly abbreviate

A step writes what it finds beside the name, and makes the keys due that this bears on in the
next. So a new article costs the names that share a key with its own, not the archive.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from sqlite3 import Row
from typing import Literal

from index.entities.mentions import EntityType
from index.names import keys
from index.names.due import STEPS, Step, make_due, note_renaming, take_due
from index.names.people import people
from index.names.shortened import Candidate, shortened
from index.names.spelling import Form, fullest
from index.names.units import parted, units
from index.names.voting import Votes, vote
from index.store import Store

Reason = Literal["itself", "spelling", "form", "type", "short", "ambiguous"]
"""Why a name stands for what it does: it does so itself; is another spelling, or a fuller or
shorter form, of what it stands for; was taken for another type by most articles; is short for
the one name it can be; might be short for several and so stands for itself."""

KEYS_AT_ONCE = 2_000
"""Looked at in one transaction, which takes well under a second."""

_VOTE, _GROUP, _SHORTEN = STEPS


def resolve_names(store: Store) -> None:
    """Resolve all names that are due; nothing when none are.

    Transaction by transaction: who is interrupted, or reads meanwhile, sees some names
    resolved anew and others as they were.
    """
    steps: dict[Step, Callable[[Store, list[str]], None]] = {
        _VOTE: _vote,
        _GROUP: _group,
        _SHORTEN: _shorten,
    }
    for step, resolve in steps.items():
        while True:
            with store.transaction():
                due = take_due(store, step, KEYS_AT_ONCE)
                resolve(store, due)
            if not due:
                break


def _vote(store: Store, cores: list[str]) -> None:
    """Settle the type of all names of each core."""
    by_core = _by(store, "core", cores)
    longer: dict[str, Votes] = defaultdict(Counter)
    for row in _among(
        store,
        "SELECT part, type, sum(articles) FROM name_parts JOIN names USING (number)"
        " WHERE part {} GROUP BY part, type",
        by_core,
    ):
        longer[row[0]][row[1]] = row[2]
    settled, groups = [], set()
    for core, rows in by_core.items():
        for kind, row in _voted(core, rows, longer[core]):
            bucket = _bucket(kind, row["name"], core)
            groups |= {row["bucket"], bucket}
            if (row["voted"], row["bucket"]) != (kind, bucket):
                settled.append((kind, bucket, row["number"]))
    store.write_many(
        "UPDATE names SET voted = ?, bucket = ?, grouped = NULL WHERE number = ?", settled
    )
    make_due(store, _GROUP, (bucket for bucket in groups if bucket))
    make_due(store, _SHORTEN, (core for core in by_core if " " not in core))


def _voted(core: str, rows: Sequence[Row], longer: Votes) -> list[tuple[EntityType, Row]]:
    """Each name of a core with its type: those with "Inc" or the like are companies."""
    votes: Votes = Counter()
    companies = 0
    for row in rows:
        if keys.is_company(row["type"], row["name"]):
            companies += row["articles"]
        else:
            votes[row["type"]] += row["articles"]
    kind = vote(votes, longer, companies, single=" " not in core)
    return [
        ("organisation" if keys.is_company(row["type"], row["name"]) else kind, row) for row in rows
    ]


def _bucket(kind: EntityType, name: str, core: str) -> str | None:
    """What forms of one name share; None for names that have no other forms of several words."""
    if kind == "organisation":
        return f"{kind} {parted(name).unit}"
    shared = keys.surname_bucket(core) if kind == "person" else core if " " in core else None
    return f"{kind} {shared}" if shared else None


def _group(store: Store, buckets: list[str]) -> None:
    """Find the forms of one name among the names of several words in each bucket."""
    changed: list[int] = []
    for rows in _by(store, "bucket", buckets).values():
        kind = rows[0]["voted"]
        entities = {
            form: fullest(forms) for forms in _grouped(kind, _forms(rows)) for form in forms
        }
        by_form = {(form.name, form.core): entity for form, entity in entities.items()}
        grouped = [(by_form[row["name"], row["core"]], row) for row in rows]
        changed += [row["number"] for entity, row in grouped if row["grouped"] != entity]
        store.write_many(
            "UPDATE names SET grouped = ? WHERE number = ?",
            [(entity, row["number"]) for entity, row in grouped if row["grouped"] != entity],
        )
        for entity, row in grouped:
            _settle(store, row, entity, _reason(row, entity))
        make_due(store, _SHORTEN, {row["core"] for row in rows})
    for query in (
        "SELECT part FROM name_parts WHERE number {}",
        "SELECT short FROM name_surfaces WHERE number {} AND short IS NOT NULL",
    ):
        make_due(store, _SHORTEN, {row[0] for row in _among(store, query, changed)})


def _grouped(kind: EntityType, forms: Sequence[Form]) -> list[list[Form]]:
    """The forms of each entity, of forms that share a bucket."""
    if kind == "person":
        return people(forms)
    return units(forms) if kind == "organisation" else [list(forms)]


def _shorten(store: Store, cores: list[str]) -> None:
    """Find the longer name that a word or two stand for, if it is clear which."""
    by_core = _by(store, "core", cores)
    longer = _candidates(
        store,
        "SELECT part AS core, voted, grouped, sum(articles) AS articles FROM name_parts"
        " JOIN names USING (number) WHERE part {} AND grouped IS NOT NULL"
        " GROUP BY part, voted, grouped",
        by_core,
    )
    explained = _candidates(
        store,
        "SELECT short AS core, voted, grouped, sum(name_surfaces.articles) AS articles"
        " FROM name_surfaces JOIN names USING (number) WHERE short {} AND grouped IS NOT NULL"
        " GROUP BY short, voted, grouped",
        by_core,
    )
    for (core, kind), rows in _by_type(by_core).items():
        own = fullest(_forms(rows))
        articles = sum(row["articles"] for row in rows)
        companies = sum(
            row["articles"] for row in rows if keys.is_company(row["type"], row["name"])
        )
        short = shortened(
            kind, core, articles, longer[core, kind], explained[core, kind], companies
        )
        if any(row["grouped"] and keys.core(row["voted"], row["grouped"]) != core for row in rows):
            continue  # the Navy is the U.S. Navy already
        for row in rows:
            if short.entity is not None:
                _settle(store, row, short.entity, "short")
            else:
                entity = row["grouped"] or own
                _settle(store, row, entity, "ambiguous" if short.several else _reason(row, entity))


def _by_type(by_core: Mapping[str, Sequence[Row]]) -> dict[tuple[str, str], list[Row]]:
    """The rows of each core and type."""
    found: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for core, rows in by_core.items():
        for row in rows:
            found[core, row["voted"]].append(row)
    return dict(found)


def _candidates(
    store: Store, query: str, cores: Iterable[str]
) -> dict[tuple[str, str], list[Candidate]]:
    """The names that words may stand for, by the word and their type."""
    found: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    for row in _among(store, query, cores):
        found[row["core"], row["voted"]].append(Candidate(row["grouped"], row["articles"]))
    return found


def _settle(store: Store, row: Row, entity: str, reason: Reason) -> None:
    """Write down what a name stands for."""
    if (row["entity_type"], row["entity"]) != (row["voted"], entity):
        note_renaming(store)
    elif row["reason"] == reason:
        return
    store.write(
        "UPDATE names SET entity_type = ?, entity = ?, reason = ? WHERE number = ?",
        row["voted"],
        entity,
        reason,
        row["number"],
    )


def _reason(row: Row, entity: str) -> Reason:
    """Why a name stands for another that it does not abbreviate."""
    if row["type"] != row["voted"]:
        return "type"
    if row["name"] == entity:
        return "itself"
    return "spelling" if keys.core(row["voted"], entity) == row["core"] else "form"


def _forms(rows: Sequence[Row]) -> list[Form]:
    """The names of some rows, those of several types once."""
    articles: Counter[tuple[str, str]] = Counter()
    for row in rows:
        articles[row["name"], row["core"]] += row["articles"]
    return [Form(name, core, count) for (name, core), count in sorted(articles.items())]


def _by(store: Store, key: str, values: Iterable[str]) -> dict[str, list[Row]]:
    """The rows of names by one of their keys, in the order of the keys."""
    found: dict[str, list[Row]] = defaultdict(list)
    query = f"SELECT * FROM names WHERE {key} {{}} ORDER BY {key}, number"  # noqa: S608 - of this module
    for row in _among(store, query, values):
        found[row[key]].append(row)
    return dict(found)


def _among(store: Store, query: str, values: Iterable[str | int]) -> list[Row]:
    """The rows of a query, its {} filled in with one of these values."""
    return store.rows(query.format("IN (SELECT value FROM json_each(?))"), json.dumps(list(values)))
