"""A writer killed at any moment leaves some commit, whole; and the next writer goes on."""

from __future__ import annotations

import multiprocessing
import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from itertools import count
from pathlib import Path

from native_index import article, ids_in

from index.articles import Document
from index.native.check import damages
from index.native.manifest import read_manifest
from index.native.writer import NativeTarget
from search.native.engine import NativeEngine
from search.plan import Phrase

KILLS = 40
MOST_COMMITS = 3
LONGEST_LIFE = 0.2
"""A writer is killed at most so many seconds after it has begun or made so many commits less one:
some five commits later, or in its first one on a busy machine."""

SECONDS = 25
"""The kills end after this time, however many there were."""

FIRST_COMMITS = 8
ARTICLES = 40
BUDGET = 20_000
"""Makes two or three segments of the articles of a commit."""


def write_commits(folder: Path, tell: Callable[[int], object], last: int | None = None) -> None:
    """Commit after commit, telling the number of each when it is done; up to the last, or for ever.

    The first thing told is 0, when the index has been opened.
    """
    with NativeTarget(folder, BUDGET) as target:
        tell(0)
        for number in count(read_manifest(folder).commit + 1 if last is None else 1):
            for document in articles_of(number):
                target.put(document)
            for gone in range(ARTICLES // 2):
                target.delete(f"{number - 4}-{gone}")
            target.commit()
            tell(number)
            if number == last:
                return


def articles_of(number: int) -> list[Document]:
    """What the commit of this number puts: articles that say so, and one that is replaced."""
    own = [article(f"{number}-{place}", f"every commit{number}") for place in range(ARTICLES)]
    return [*own, article("last", f"commit{number}")]


def expected_ids(number: int) -> list[str]:
    """The articles after the commit of this number: of the older ones half are deleted."""
    return sorted(
        [
            f"{each}-{place}"
            for each in range(1, number + 1)
            for place in range(ARTICLES // 2 if each <= number - 4 else 0, ARTICLES)
        ]
        + ["last"]
    )


def test_killed_at_random_moments(tmp_path: Path) -> None:
    chance = random.Random(1)
    last = FIRST_COMMITS
    kills = 0
    # The writers are forked from a process that has the kernels loaded, and no threads.
    with ProcessPoolExecutor(1, multiprocessing.get_context("forkserver")) as nursery:
        nursery.submit(write_commits, tmp_path, bool, last).result()
        begun = time.monotonic()
        while kills < KILLS and time.monotonic() - begun < SECONDS:
            moment = chance.randrange(MOST_COMMITS), chance.random() * LONGEST_LIFE
            said = nursery.submit(killed_after, tmp_path, *moment).result()
            kills += 1
            number = read_manifest(tmp_path).commit
            # Everything that was said to be committed is, and at most one commit more.
            assert max(last, *said) <= number <= max(last, *said) + 1
            last = number
            assert damages(tmp_path) == []
            assert_is_commit(tmp_path, number)
    assert kills > 0
    assert last > FIRST_COMMITS


def killed_after(folder: Path, commits: int, seconds: float) -> list[int]:
    """Run a writer, kill it some time after so many commits, and give what it told."""
    fork = multiprocessing.get_context("fork")
    receiver, sender = fork.Pipe(duplex=False)
    writer = fork.Process(target=write_commits, args=(folder, sender.send))
    writer.start()
    sender.close()
    said = [receiver.recv() for _ in range(1 + commits)]
    time.sleep(seconds)
    writer.kill()
    writer.join()
    with suppress(EOFError):
        while True:
            said.append(receiver.recv())
    receiver.close()
    writer.close()
    return said


def assert_is_commit(folder: Path, number: int) -> None:
    engine = NativeEngine.open(folder)
    assert ids_in(engine) == expected_ids(number)
    assert ids_in(engine, Phrase(("commit", str(number)))) == sorted(
        ["last", *(f"{number}-{place}" for place in range(ARTICLES))]
    )
    assert ids_in(engine, Phrase(("commit", str(number + 1)))) == []
    engine.close()
