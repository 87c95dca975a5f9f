"""From what the archive and its user hold names to stand for, to what facet values are called."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from index.naming import FacetName, Naming
from index.store_reading import ReadableStore


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the user decided about names; goes before what the archive says.

    entities: what entities are to be, or None when they are not to be shown. An entity is
    given by any name that stands for it, so that a decision holds when another of its names
    becomes the most frequent. names: single names that are to stand for something else than
    the archive says, or for nothing. What is given for either is final: it is not looked up.
    """

    entities: Mapping[FacetName, FacetName | None] = field(
        default_factory=lambda: MappingProxyType({})
    )
    names: Mapping[FacetName, FacetName | None] = field(
        default_factory=lambda: MappingProxyType({})
    )


NONE = Decisions()
"""Nothing was decided."""


def naming(store: ReadableStore, decisions: Decisions = NONE) -> Naming:
    """What every name of the archive counts under that does not count under itself."""
    names: dict[FacetName, FacetName | None] = dict(
        _resolved(store, "WHERE entity <> name OR entity_type <> names.type")
    )
    decided = _by_entity(store, decisions)
    keys = json.dumps(list(decided))
    names |= {
        name: decided[entity]
        for name, entity in _resolved(
            store,
            "JOIN json_each(?) AS decided ON entity_type = json_extract(decided.value, '$[0]')"
            " AND entity = json_extract(decided.value, '$[1]')",
            keys,
        )
    }
    return Naming(MappingProxyType(names | dict(decisions.names)))


def named(
    store: ReadableStore, names: Iterable[FacetName], decisions: Decisions = NONE
) -> dict[FacetName, FacetName | None]:
    """What each of these names counts under, as `naming` has it."""
    decided = _by_entity(store, decisions)
    return {
        name: decisions.names[name] if name in decisions.names else decided.get(entity, entity)
        for name, entity in entities_of(store, names).items()
    }


def entities_of(store: ReadableStore, names: Iterable[FacetName]) -> dict[FacetName, FacetName]:
    """What the archive holds each of these names to stand for; unknown ones for themselves."""
    wanted = list(dict.fromkeys(names))
    found = dict(
        _resolved(
            store,
            "JOIN json_each(?) AS wanted ON names.type = json_extract(wanted.value, '$[0]')"
            " AND name = json_extract(wanted.value, '$[1]')",
            json.dumps(wanted),
        )
    )
    return {name: found.get(name, name) for name in wanted}


def version(store: ReadableStore) -> int:
    """Grows whenever a name of the archive comes to stand for something else."""
    return int(store.rows("SELECT value FROM settings WHERE key = 'naming'")[0][0])


def _by_entity(store: ReadableStore, decisions: Decisions) -> dict[FacetName, FacetName | None]:
    """The decisions by the entities that their names stand for now."""
    entities = entities_of(store, decisions.entities)
    return {entities[name]: decided for name, decided in decisions.entities.items()}


def _resolved(
    store: ReadableStore, condition: str, *values: str
) -> Iterator[tuple[FacetName, FacetName]]:
    """Names and what they stand for."""
    query = f"SELECT names.type, name, entity_type, entity FROM names {condition}"  # noqa: S608 - of this module
    for row in store.rows(query, *values):
        yield (row[0], row[1]), (row[2], row[3])
