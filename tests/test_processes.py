from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import ArchiveError
from index.processes import in_order
from index.stages import recording

LINUX = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="needs Linux's /proc")


def tasks(count: int) -> Iterator[tuple[str, float]]:
    """The first of them take longest."""
    for number in range(count):
        yield str(number), (0.02 if number < 4 else 0.0)


def workers() -> set[int]:
    """Processes started for work; the one that watches over shared memory stays."""
    started = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {
        int(pid) for pid in started if b"spawn_main" in Path(f"/proc/{pid}/cmdline").read_bytes()
    }


@pytest.mark.parametrize("processes", [1, 2])
def test_results_come_in_order_and_few_tasks_are_ahead(processes: int) -> None:
    taken = 0

    def counted() -> Iterator[tuple[str, float]]:
        nonlocal taken
        for task in tasks(40):
            taken += 1
            yield task

    done = []
    with recording():
        for batch, result in in_order(counted(), time.sleep, processes, "slept"):
            done.append(batch)
            assert result is None
            assert taken <= len(done) + 2 * processes
    assert done == [str(number) for number in range(40)]


@LINUX
def test_a_process_that_is_killed() -> None:
    done = []

    def kill_one_after_ten() -> None:
        for batch, _ in in_order(tasks(500), time.sleep, 2, "slept"):
            done.append(batch)
            if len(done) == 10:
                os.kill(workers().pop(), signal.SIGKILL)

    with pytest.raises(ArchiveError, match=r"a process that slept was ended.*run this again"):
        kill_one_after_ten()
    assert 10 <= len(done) < 500
    assert workers() == set()


@LINUX
def test_no_process_is_left_when_nobody_goes_on() -> None:
    def interrupted() -> None:
        for batch, _ in in_order(tasks(500), time.sleep, 2, "slept"):
            if batch == "10":
                raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert workers() == set()


def test_an_error_in_a_process_is_raised_here() -> None:
    with pytest.raises(ValueError, match="sleep length must be non-negative"):
        list(in_order([("", -1.0)], time.sleep, 2, "slept"))
