"""How an archive lies on disk, and how one index takes the place of another.

    archive/
      articles.sqlite                     the store
      entities.toml                       what its user has decided about entities
      scrape.lock                         held (flock) by the process that scrapes
      index/<engine>/CURRENT              the name of the live generation
      index/<engine>/LOCK                 held (flock) by the process that writes
      index/<engine>/<generation>/        an index, as its engine writes it
      index/<engine>/<generation>.json    which state of the store it holds
      index/<engine>/<generation>.toml    which decisions about entities are in effect in it

A generation is built aside and becomes live when CURRENT is replaced, in one step. The one
before stays until the next reindex, for readers that are still in it.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from index.durable import out_of_space, replace_file, sync_tree
from index.errors import IndexDamaged, IndexLocked, IndexMissing, ScrapeRunning

_POLL_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class IndexState:
    """Which state of which store a generation holds.

    store: the store's identity. change: all changes up to this number are in. articles: how
    many there were. built: when the generation was begun, updated: its last commit (ISO 8601).
    """

    store: str
    change: int
    articles: int
    built: str
    updated: str
    names: str = ""


class ArchiveFolder:
    """The paths of an archive and the generations of its indexes. Creates nothing by itself."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def store_path(self) -> Path:
        """The article store."""
        return self.path / "articles.sqlite"

    @property
    def decisions_path(self) -> Path:
        """What the user has decided about entities; there need not be such a file."""
        return self.path / "entities.toml"

    def decisions_in_effect_path(self, engine: str, generation: str) -> Path:
        """A copy of the decisions that a generation's names of entities come from."""
        return self._of(engine) / f"{generation}.toml"

    def current_path(self, engine: str) -> Path:
        """The file that names the live generation of an engine."""
        return self._of(engine) / "CURRENT"

    def live_generation(self, engine: str) -> str:
        """The name of the live generation. Raises IndexMissing, IndexDamaged."""
        current = self.current_path(engine)
        try:
            name = current.read_text(encoding="ascii").strip()
        except (FileNotFoundError, NotADirectoryError):
            raise IndexMissing(
                f"there is no {engine} index in {self.path}: `dateline reindex` builds it"
            ) from None
        except (OSError, UnicodeDecodeError) as error:
            raise IndexDamaged(current, f"cannot be read ({error})") from error
        if not name.isdigit():
            raise IndexDamaged(current, "does not name a generation")
        return name

    def live_index(self, engine: str) -> Path:
        """The folder of the live index. Raises IndexMissing, IndexDamaged."""
        folder = self.generation_path(engine, self.live_generation(engine))
        if not folder.is_dir():
            raise IndexDamaged(folder, "is the live index, but missing")
        return folder

    def generation_path(self, engine: str, generation: str) -> Path:
        """The folder of a generation."""
        return self._of(engine) / generation

    def new_generation(self, engine: str) -> str:
        """Make the empty folder of a generation after all others; the lock must be held."""
        generation = f"{max((int(name) for name in self._generations(engine)), default=0) + 1:06}"
        with out_of_space(self._of(engine)):
            self.generation_path(engine, generation).mkdir(parents=True)
        return generation

    def publish(self, engine: str, generation: str) -> None:
        """Make a generation the live one, durably and in one step; the lock must be held."""
        with out_of_space(self._of(engine)):
            sync_tree(self.generation_path(engine, generation))
            replace_file(self.current_path(engine), f"{generation}\n".encode())

    def state(self, engine: str, generation: str) -> IndexState | None:
        """What a generation holds; None when that was never written or cannot be read."""
        try:
            return IndexState(**json.loads(self._state_path(engine, generation).read_bytes()))
        except (OSError, ValueError, TypeError):
            return None

    def put_state(self, engine: str, generation: str, state: IndexState) -> None:
        """Record what a generation holds; after the commit that made it true."""
        with out_of_space(self._of(engine)):
            state_path = self._state_path(engine, generation)
            replace_file(state_path, f"{json.dumps(asdict(state))}\n".encode())

    def remove(self, engine: str, generation: str) -> None:
        """Remove a generation; readers that have its files open keep them."""
        self._state_path(engine, generation).unlink(missing_ok=True)
        self.decisions_in_effect_path(engine, generation).unlink(missing_ok=True)
        shutil.rmtree(self.generation_path(engine, generation), ignore_errors=True)

    def remove_all_but_live(self, engine: str) -> None:
        """Remove earlier generations and what killed runs left; the lock must be held."""
        live = None
        with suppress(IndexMissing):
            live = self.live_generation(engine)
        for generation in self._generations(engine):
            if generation != live:
                self.remove(engine, generation)
        for leftover in self._of(engine).glob("*.new"):
            leftover.unlink(missing_ok=True)

    @contextmanager
    def lock(
        self, engine: str, wait: float = 0.0, on_wait: Callable[[str], None] = lambda _: None
    ) -> Iterator[None]:
        """Be the only process that writes this engine's indexes; ends with the process.

        wait: seconds to wait for another one, after telling on_wait why once. Raises IndexLocked,
        OutOfSpace.
        """
        path = self._of(engine) / "LOCK"
        with out_of_space(path.parent):
            path.parent.mkdir(parents=True, exist_ok=True)
            file = path.open("a+")
        with file:
            if not _locked(file):
                reason = f"another process is writing the {engine} index in {self.path}"
                on_wait(reason)
                deadline = time.monotonic() + wait
                while not _locked(file):
                    if time.monotonic() >= deadline:
                        raise IndexLocked(reason)
                    time.sleep(_POLL_SECONDS)
            yield

    @contextmanager
    def scrape_lock(self) -> Iterator[None]:
        """Be the only process that scrapes into this archive; ends with the process.

        Raises ScrapeRunning, OutOfSpace.
        """
        with out_of_space(self.path):
            self.path.mkdir(parents=True, exist_ok=True)
            file = (self.path / "scrape.lock").open("a+")
        with file:
            if not _locked(file):
                raise ScrapeRunning(f"another process is scraping into {self.path}")
            yield

    def size(self) -> int:
        """Bytes of all files in the folder, as far as they can be seen."""
        total = 0
        for folder, _, names in os.walk(self.path):
            for name in names:
                with suppress(OSError):
                    total += (Path(folder) / name).lstat().st_size
        return total

    def _of(self, engine: str) -> Path:
        return self.path / "index" / engine

    def _state_path(self, engine: str, generation: str) -> Path:
        return self._of(engine) / f"{generation}.json"

    def _generations(self, engine: str) -> list[str]:
        """Names of all generations, also of those with nothing left but their state."""
        try:
            names = {path.name.partition(".")[0] for path in self._of(engine).iterdir()}
        except FileNotFoundError:
            return []
        return sorted(name for name in names if name.isdigit())


def _locked(file: IO[str]) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
