"""The user's decisions and the automatic resolution, combined into the names of facet values.

A decision on a name is about the whole entity that the name belongs to, so that it holds when
more articles make another of its forms the name of the entity. A form with a decision of its own
follows that one. Where a decision leads to a name that another one is about, that one follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from index.curation.decisions import Decision, Retype, Split, moves
from index.naming import FacetName, Naming


@dataclass(frozen=True, slots=True)
class _Move:
    """Where a name goes."""

    to: FacetName | None


class CuratedNames:
    """What names are called after all decisions.

    automatic: what they are called without any, `Naming.names`; it is asked for single names
    only, but for `naming`. The order of the decisions does not matter. They must neither
    contradict each other nor form a cycle (`index.curation.consistency`).
    """

    def __init__(
        self, decisions: Iterable[Decision], automatic: Mapping[FacetName, FacetName | None]
    ) -> None:
        self._automatic = automatic
        self._origins: dict[FacetName, FacetName] = {}
        self._own: dict[FacetName, _Move] = {}
        self._led_to: set[FacetName] = set()
        shown: set[FacetName] = set()
        retyped: set[FacetName] = set()
        for decision in decisions:
            if isinstance(decision, Split):
                origin = (decision.type, decision.origin)
                self._origins[decision.type, decision.name] = origin
                self._led_to.add(origin)
            for name, to in moves(decision):
                self._own[name] = _Move(to)
                if to is not None:
                    self._led_to.add(to)
                    (retyped if isinstance(decision, Retype) else shown).add(to)
        self._by_entity: dict[FacetName, _Move] = {}
        for name in sorted(self._own, key=lambda name: (name != self._entity(name), name)):
            self._by_entity.setdefault(self._entity(name) or name, self._own[name])
        for name in sorted(shown):
            self._by_entity.setdefault(self._entity(name) or name, _Move(name))
        for name in retyped:
            if (self._entity(name) or name)[0] != name[0]:
                self._own.setdefault(name, _Move(name))

    def name(self, given: FacetName) -> FacetName | None:
        """What a name in an article counts as; None when it does not count."""
        path = [given]
        while True:
            entity = self._entity(path[-1])
            move = self._own.get(path[-1])
            if move is None and entity is not None:
                move = self._by_entity.get(entity)
            if move is None:
                return entity
            if move.to is None:
                return None
            if move.to in path:
                # The decisions form no cycle, but with names that resolution has joined since
                # they may. They are all one entity then.
                return min(path[path.index(move.to) :])
            path.append(move.to)

    def naming(self) -> Naming:
        """All names that count under another one, or not at all."""
        if not self._own and not self._origins:
            return Naming(self._automatic)
        concerned = {*self._automatic, *self._own, *self._by_entity, *self._origins}
        names = {name: self.name(name) for name in concerned}
        return Naming({name: to for name, to in names.items() if to != name})

    def _entity(self, name: FacetName) -> FacetName | None:
        """The entity that automatic resolution and the splits make a name a form of."""
        if name in self._origins:
            return name
        entity = self._automatic.get(name, name)
        passed: set[FacetName] = set()
        while entity in self._origins:  # it has come to be called by a form split from it
            passed.add(entity)
            origin = self._origins[entity]
            entity = origin if origin in self._origins else self._automatic.get(origin, origin)
            if entity is None or entity in passed:
                return origin
        return name if entity is None and name in self._led_to else entity
