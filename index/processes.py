"""Work on a stream, shared out among processes, with the results in the stream's order."""

from __future__ import annotations

import copyreg
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from multiprocessing import connection, get_context, parent_process
from types import MappingProxyType
from typing import TypeVar

from index.errors import ArchiveError
from index.stages import Stage, recorded, recording


def _read_only(values: dict[str, object]) -> MappingProxyType[str, object]:
    return MappingProxyType(values)


# Articles have read-only mappings, which pickle does not know by itself.
copyreg.pickle(MappingProxyType, lambda mapping: (_read_only, (dict(mapping),)))

Batch = TypeVar("Batch")
Task = TypeVar("Task")
Result = TypeVar("Result")

_AHEAD = 2  # batches waiting or being worked on for each process: none is ever without


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0))


def in_order(
    batches: Iterable[tuple[Batch, Task]],
    work: Callable[[Task], Result],
    processes: int,
    doing: str,
) -> Iterator[tuple[Batch, Result]]:
    """Each batch with the result of its task.

    With one process the work is done here, with more in new ones; the results are the same.
    Only few batches are ahead of the one that is yielded. What is left is given up when the
    iterator is closed. work: a function of a module, without effects. doing: what the processes
    do, for the message when one of them is ended. Raises ArchiveError then.
    """
    if processes == 1:
        for batch, task in batches:
            yield batch, work(task)
        return
    running: deque[tuple[Batch, Future[tuple[Result, list[Stage]]]]] = deque()
    with _pool(processes) as pool:
        try:
            for batch, task in batches:
                with _ctrl_c_held_back():
                    future = pool.submit(_recorded, work, task)
                running.append((batch, future))
                if len(running) > _AHEAD * processes:
                    yield _awaited(*running.popleft())
            while running:
                yield _awaited(*running.popleft())
        except BrokenProcessPool as error:
            raise ArchiveError(
                f"a process that {doing} was ended, perhaps for want of memory; what was "
                "written is kept, run this again (with fewer processes) to go on"
            ) from error


def _awaited(batch: Batch, future: Future[tuple[Result, list[Stage]]]) -> tuple[Batch, Result]:
    begun = time.perf_counter()
    result, stages = future.result()
    own = recorded()
    if own:
        own.add_waited(stages, time.perf_counter() - begun)
    return batch, result


def _recorded(work: Callable[[Task], Result], task: Task) -> tuple[Result, list[Stage]]:
    with recording() as stages:
        result = work(task)
    return result, list(stages)


@contextmanager
def _pool(processes: int) -> Iterator[ProcessPoolExecutor]:
    # Spawned, not forked: a child must not inherit the lock on an index, nor SQLite connections.
    pool = ProcessPoolExecutor(processes, get_context("spawn"), initializer=_begin)
    try:
        yield pool
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Let Ctrl-C wait until after the block, and never reach processes that are started in it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin() -> None:
    """In a new process: end when the parent does."""
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)
