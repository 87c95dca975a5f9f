"""Threads take turns in going back from kernels to Python (index.turns)."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import pytest
from numpy.typing import NDArray

from index.compilation import kernel
from index.turns import turn

_PATIENCE = 60


@kernel
def _wait(signals: NDArray[np.int64], begun: int, ended: int) -> int:
    """Says that it has begun, and waits to be told to end; returns how often it looked.

    begun, ended: where in `signals`. The compiler must not know, or it would look only once.
    """
    looked = 0
    while signals[ended] == 0:
        looked += 1
        signals[begun] = looked
    return looked


@contextmanager
def _inside_a_kernel() -> Iterator[Callable[[], int]]:
    """Another thread is in a kernel; calling what is given ends that, and says what it returned."""
    signals = np.array([0, 1])
    _wait(signals, 0, 1)  # compiled
    signals[:] = 0
    with ThreadPoolExecutor(1) as pool:
        running = pool.submit(_wait, signals, 0, 1)

        def end() -> int:
            signals[1] = 1
            looked: int = running.result(_PATIENCE)
            return looked

        try:
            pause = threading.Event()
            while not signals[0]:
                pause.wait(0.001)
            yield end
        finally:
            signals[1] = 1


def test_the_turn_ends_where_a_kernel_begins_and_is_taken_where_it_ends() -> None:
    with _inside_a_kernel() as end:
        assert turn.value == 0
        assert end() > 0
        assert turn.value == 1


def test_a_thread_whose_turn_does_not_come_goes_on_anyway() -> None:
    with _inside_a_kernel() as end:
        turn.value = 1  # and nobody calls a kernel, which would end that
        assert end() > 0


@pytest.mark.parametrize("threads", [2, 5])
def test_threads_that_take_turns_all_get_their_answers(threads: int) -> None:
    ended = np.array([0, 1])

    def ask_often(_: int) -> int:
        return sum(_wait(ended, 0, 1) for _ in range(5_000))

    with ThreadPoolExecutor(threads) as pool:
        assert list(pool.map(ask_often, range(threads))) == [0] * threads
