"""The entities of an archive: what its names count as, under the decisions of its user."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from sqlite3 import Row
from typing import cast

from rapidfuzz import fuzz, process, utils

from index.curation.curated import CuratedNames
from index.curation.decisions import Decision, names_in
from index.entities.mentions import ENTITY_TYPES, EntityType
from index.names import keys
from index.names.naming import version
from index.naming import FacetName
from index.store_reading import ReadableStore

MOST_REMEMBERED = 200_000
"""Names whose entity is kept in memory, some 50 MB."""

_NEAR = 70.0
"""Likeness, of 100, below which a name is not meant."""


@dataclass(frozen=True, slots=True)
class Form:
    """A name that articles give, and how it comes to count towards its entity.

    articles: that give it. entity: what it stands for without decisions, and reason: why
    (`index.names.resolving.Reason`). surfaces: how it is written, with the articles that do.
    """

    name: FacetName
    articles: int
    entity: FacetName
    reason: str
    surfaces: tuple[tuple[str, int], ...]


@dataclass(slots=True)
class _Known:
    """What was found out at one version of the names in the store."""

    version: int
    automatic: dict[FacetName, FacetName]
    curated: CuratedNames


class ArchiveEntities:
    """What the names of an archive count as. May be shared between threads."""

    def __init__(self, store: ReadableStore, decisions: Sequence[Decision]) -> None:
        self._store = store
        self._decisions = decisions
        self._known: _Known | None = None

    def named(self, names: Iterable[FacetName]) -> dict[FacetName, FacetName | None]:
        """What each name counts as; None for one that does not count."""
        known, wanted = self._up_to_date(), list(dict.fromkeys(names))
        missing = [name for name in wanted if name not in known.automatic]
        if missing:
            known.automatic.update(self._entities_of(missing))
        return {name: known.curated.name(name) for name in wanted}

    def occurring(self, names: Iterable[FacetName]) -> frozenset[FacetName]:
        """Those of the names that articles give, or that count without decisions."""
        wanted = set(names)
        rows = self._rows(wanted, wanted)
        given = {(row["type"], row["name"]) for row in rows}
        return frozenset(wanted & {*given, *((row["entity_type"], row["entity"]) for row in rows)})

    def entities(self, name: str) -> tuple[FacetName, ...]:
        """The entities of all types that a name is the shown name or a form of."""
        given = [(kind, name) for kind in ENTITY_TYPES]
        there = {each for decision in self._decisions for each in names_in(decision)}
        there |= self.occurring(given)
        found = self.named(each for each in given if each in there)
        return tuple(dict.fromkeys(entity for entity in found.values() if entity))

    def shortened(self, name: str) -> tuple[FacetName, ...]:
        """The entities that articles also call by a name, most frequent first.

        That name is none that they count under: "Kirby", where every article has John Kirby too.
        """
        cores = {kind: keys.core(kind, name) for kind in ENTITY_TYPES}
        rows = self._store.rows(
            "SELECT type, name FROM names WHERE number IN (SELECT number FROM name_surfaces"
            " WHERE surface = ?1 UNION SELECT number FROM name_parts WHERE part IN (?2, ?3, ?4))"
            " ORDER BY articles DESC, type, name",
            name,
            *cores.values(),
        )
        found = self.named((row["type"], row["name"]) for row in rows)
        return tuple(dict.fromkeys(entity for entity in found.values() if entity))

    def forms(self, entity: FacetName) -> tuple[Form, ...]:
        """The names that count as an entity, most frequent first; none for an unknown one."""
        decided = {name for decision in self._decisions for name in names_in(decision)}
        leading = [name for name, to in self.named(decided).items() if to == entity]
        entities = self._entities_of([entity, *leading]).values()
        rows = self._rows([entity, *leading], entities)
        names = self.named((row["type"], row["name"]) for row in rows)
        return tuple(self._form(row) for row in rows if names[row["type"], row["name"]] == entity)

    def could_be(self, entity: FacetName) -> tuple[tuple[FacetName, int], ...]:
        """The longer names that a name may be short for, with their articles, most first."""
        kind = cast("EntityType", entity[0])
        rows = self._store.rows(
            "SELECT type, name, articles FROM name_parts JOIN names USING (number)"
            " WHERE part = ? AND entity_type = ? ORDER BY articles DESC, name",
            keys.core(kind, entity[1]),
            kind,
        )
        named = self.named((row["type"], row["name"]) for row in rows)
        found: dict[FacetName, int] = {}
        for row in rows:
            other = named[row["type"], row["name"]]
            if other is not None and other != entity:
                found[other] = found.get(other, 0) + row["articles"]
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def nearest(self, name: str, most: int = 5) -> tuple[FacetName, ...]:
        """The entities whose names are most like a name."""
        rows = self._store.rows("SELECT type, name FROM names")
        found = process.extract(
            name,
            {(row[0], row[1]): row[1] for row in rows},
            scorer=fuzz.WRatio,
            processor=utils.default_process,
            score_cutoff=_NEAR,
            limit=4 * most,
        )
        entities = self.named(key for _, _, key in found).values()
        return tuple(dict.fromkeys(entity for entity in entities if entity))[:most]

    def _up_to_date(self) -> _Known:
        now, known = version(self._store), self._known
        if known is None or known.version != now or len(known.automatic) > MOST_REMEMBERED:
            decided = {name for decision in self._decisions for name in names_in(decision)}
            automatic = self._entities_of(decided)
            known = _Known(now, automatic, CuratedNames(self._decisions, automatic))
            self._known = known
        return known

    def _entities_of(self, names: Iterable[FacetName]) -> dict[FacetName, FacetName]:
        """What names stand for without decisions; those that no article gives, for themselves."""
        entities = {name: name for name in names}
        for row in self._store.rows(
            "SELECT names.type, name, entity_type, entity FROM names JOIN json_each(?) AS wanted"
            " ON names.type = json_extract(wanted.value, '$[0]')"
            " AND name = json_extract(wanted.value, '$[1]')",
            json.dumps(list(entities)),
        ):
            entities[row[0], row[1]] = (row[2], row[3])
        return entities

    def _rows(self, names: Iterable[FacetName], entities: Iterable[FacetName]) -> list[Row]:
        """The rows of these names, and of all that stand for these entities without decisions."""
        pairs = (
            "(SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(?))"
        )
        return self._store.rows(
            "SELECT number, type, name, articles, entity_type, entity, reason FROM names"  # noqa: S608 - of this module
            f" WHERE number IN (SELECT number FROM names WHERE (type, name) IN {pairs}"
            f" UNION SELECT number FROM names WHERE (entity_type, entity) IN {pairs})"
            " ORDER BY articles DESC, type, name",
            json.dumps(list(names)),
            json.dumps(list(entities)),
        )

    def _form(self, row: Row) -> Form:
        surfaces = self._store.rows(
            "SELECT surface, articles FROM name_surfaces WHERE number = ?"
            " ORDER BY articles DESC, surface",
            row["number"],
        )
        return Form(
            name=(row["type"], row["name"]),
            articles=row["articles"],
            entity=(row["entity_type"], row["entity"]),
            reason=row["reason"],
            surfaces=tuple((surface[0], surface[1]) for surface in surfaces),
        )
