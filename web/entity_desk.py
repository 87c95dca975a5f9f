"""What the commands about entities share: an archive, its decisions, and names looked up in it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from index.curation.decisions import names_in
from index.curation.effect import LiveDecisions, decisions_in_effect
from index.curation.entities import ArchiveEntities
from index.curation.file import Written, load
from index.curation.notation import Entry, clean_name
from index.entities.mentions import EntityType
from index.errors import DecisionRefused, IndexMissing
from index.folder import ArchiveFolder
from index.naming import FacetName
from index.store import Store
from index.updating import rename_index
from search.archive import Archive
from search.entity import EntityReport, report
from search.live import LiveEngine
from search.plan import HasValue
from search.request import SearchRequest
from web.config import Config
from web.entity import meant
from web.preparing import prepare
from web.progress_bar import ShownProgress


@dataclass(frozen=True, slots=True)
class EntityDesk:
    """An archive whose entities are looked at and decided on. Raises ArchiveError, SearchError."""

    folder: ArchiveFolder
    store: Store
    engine: str
    decisions: Written
    entities: ArchiveEntities

    @property
    def path(self) -> Path:
        """The file of decisions."""
        return self.folder.decisions_path

    def entity(self, name: str, kind: EntityType | None) -> tuple[EntityType, str]:
        """The entity that goes by a name. Raises DecisionRefused, naming those it may be."""
        given = clean_name(name)
        found = [each for each in self.entities.entities(given) if kind in (None, each[0])]
        if len(found) > 1:
            types = " and ".join(f"{each[0]} “{each[1]}”" for each in found)
            raise DecisionRefused(f"“{given}” is {types}: say which with --type")
        if not found:
            raise DecisionRefused(self._unknown(given, kind))
        return cast("EntityType", found[0][0]), found[0][1]

    def looked_up(self, name: str, kind: EntityType | None) -> tuple[EntityType, str]:
        """As `entity`, or the one entity that is called so for short."""
        short = [
            each for each in self.entities.shortened(clean_name(name)) if kind in (None, each[0])
        ]
        if len(short) == 1 and not self.entities.entities(clean_name(name)):
            return cast("EntityType", short[0][0]), short[0][1]
        return self.entity(name, kind)

    def decidable(self, name: str, kind: EntityType | None) -> tuple[EntityType, str]:
        """The entity of exactly this name; a form of another one is refused."""
        of, shown = self.entity(name, kind)
        if shown != (given := clean_name(name)):
            raise DecisionRefused(
                f"“{given}” is a form of {of} “{shown}”: decide on that, or first take the form"
                f' out of it with `dateline entity split "{given}"`'
            )
        return of, shown

    def form(self, name: str, kind: EntityType | None) -> tuple[EntityType, str, str]:
        """A name that counts as another one without anybody's decision: its type, and of what."""
        of, shown = self.entity(name, kind)
        given = clean_name(name)
        forms = self.entities.forms((of, shown))
        for form in forms:
            if form.name[1] == given and form.entity != form.name:
                return cast("EntityType", form.name[0]), given, form.entity[1]
        if written := [entry for entry in self.decisions.about(given) if shown != given]:
            line, words = written[-1].line, f'`dateline entity undo "{given}"`'
            raise DecisionRefused(f"“{given}” was joined by the decision in line {line}: {words}")
        others = ", ".join(f"“{form.name[1]}”" for form in forms if form.name[1] != given)
        raise DecisionRefused(
            f"“{given}” stands for itself already"
            + (f"; its other forms are {others}" if others else "")
        )

    def must_be_free(self, name: str, of: EntityType, entity: str) -> None:
        """Raises DecisionRefused when a name belongs to another entity."""
        for other in self.entities.entities(name):
            if other[0] == of and other[1] != entity:
                raise DecisionRefused(
                    f"“{name}” is {_as(name, other[1])}another {of}: merge them with"
                    f' `dateline entity merge "{entity}" --into "{other[1]}"`'
                )

    def report(self, name: str, kind: EntityType | None) -> EntityReport:
        """What is known of an entity, as the live index has it."""
        prepare(self.engine, load=False)
        with closing(LiveEngine(self.folder, self.engine)) as engine:
            archive = Archive(self.store, engine, LiveDecisions(self.folder, self.engine).now)
            return report(archive, self.looked_up(name, kind))

    def articles(self, of: EntityType, name: str) -> int:
        """The articles of an entity in the live index."""
        with closing(LiveEngine(self.folder, self.engine)) as engine:
            return engine.search(SearchRequest(plan=HasValue(of, (name,)), size=0)).total

    def apply(self) -> bool:
        """Put what the file says into effect; False when there is no index yet."""
        prepare(self.engine, load=False)
        try:
            rename_index(self.folder, self.store, self.engine, ShownProgress())
        except IndexMissing:
            return False
        return True

    def in_effect(self) -> bool:
        """Whether the live index counts under these decisions."""
        return decisions_in_effect(self.folder, self.engine).decisions == self.decisions.decisions

    def idle(self) -> frozenset[Entry]:
        """The decisions about names that no article gives."""
        entries = self.decisions.entries
        occurring = self.entities.occurring(
            name for entry in entries for name in names_in(entry.decision)
        )
        return frozenset(entry for entry in entries if self._is_idle(entry, occurring))

    def last(self, written: Written, name: str | None) -> Entry:
        """The last decision, or the last one a name stands in; raises DecisionRefused."""
        if name is None:
            if not written.entries:
                raise DecisionRefused("there is no decision to take back")
            return written.entries[-1]
        entries = written.about(clean_name(name))
        if not entries:
            raise DecisionRefused(
                f"no decision is about “{name}”; `dateline entity list` lists them all"
            )
        return entries[-1]

    def _is_idle(self, entry: Entry, occurring: frozenset[FacetName]) -> bool:
        names = names_in(entry.decision)
        subjects = names[:-1] if len(names) > 1 else names
        led_to = {
            names_in(other.decision)[-1]
            for other in self.decisions.entries
            if other is not entry and len(names_in(other.decision)) > 1
        }
        return not any(name in occurring or name in led_to for name in subjects)

    def _unknown(self, name: str, kind: EntityType | None) -> str:
        hidden = [
            entry
            for entry in self.decisions.about(name)
            if self.entities.named([(entry.decision.type, name)])[entry.decision.type, name] is None
        ]
        if hidden:
            return f"“{name}” is hidden by the decision in line {hidden[-1].line}"
        thing = kind or "entity"
        near = self.entities.shortened(name) or self.entities.nearest(name)
        return f"there is no {thing} “{name}” in this archive.{meant(near)}"


@contextmanager
def entity_desk(config: Config) -> Iterator[EntityDesk]:
    """The desk of the configured archive. Raises StoreMissing, DecisionsUnusable."""
    folder = ArchiveFolder(config.archive)
    decisions = load(folder.decisions_path)
    with Store.read(folder.store_path) as store:
        entities = ArchiveEntities(store, decisions.decisions)
        yield EntityDesk(folder, store, config.engine, decisions, entities)


def _as(name: str, shown: str) -> str:
    return "" if name == shown else f"a form of “{shown}”, "
