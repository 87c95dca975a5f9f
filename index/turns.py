"""Threads that leave a kernel take turns in going back to Python.

Python's lock makes a thread that has to wait sleep, and waking it takes longer than most stretches
of Python between two kernels. So it waits a little while running: until the thread whose turn it
is has called its next kernel. If that takes too long it goes back anyway, to sleep like any other.

Two threads that ask for pages of 300,000 articles answer 1.7 times as many as one that way and 1.4
times without it, eight threads on the same two cores 1.5 and 0.9 times (`python -m benchmarks.engines --threads`).
"""

from __future__ import annotations

import ctypes
from typing import Any

from llvmlite import binding, ir
from numba.core import callwrapper

ATTEMPTS = 20_000
"""How often a thread looks whether it is its turn: for about a tenth of a millisecond. Python
between two kernels of a page takes 5 to 30 µs."""

turn = ctypes.c_int64(0)
"""1 while a thread that came from a kernel has Python to itself; 0 from when it calls another."""

_NAME = "dateline_turn"
"""By which compiled code, which outlives the process, finds `turn` again."""

_NUMBER, _COUNT = ir.IntType(64), ir.IntType(32)
_LockManager: Any = callwrapper._GilManager  # noqa: SLF001 - nothing public is called there


class _TakingTurns(_LockManager):  # type: ignore[misc]  # numba has no types
    """Writes the code that lets go of Python's lock before a kernel, and takes it again after."""

    def __init__(self, builder: Any, api: Any, arguments: Any) -> None:
        super().__init__(builder, api, arguments)
        _write_end_of_turn(builder)

    def emit_cleanup(self) -> None:
        """Called by numba where the kernel has ended."""
        _write_waiting(self.builder)
        super().emit_cleanup()


def _write_end_of_turn(builder: Any) -> None:
    builder.store_atomic(ir.Constant(_NUMBER, 0), _address(builder), "release", 8)


def _write_waiting(builder: Any) -> None:
    """Attempts to set `turn` from 0 to 1, until one succeeds or all have failed."""
    before = builder.block
    attempt = builder.append_basic_block("turn.attempt")
    after = builder.append_basic_block("turn.taken")
    builder.branch(attempt)
    builder.position_at_end(attempt)
    number = builder.phi(_COUNT)
    exchanged = builder.cmpxchg(
        _address(builder),
        ir.Constant(_NUMBER, 0),
        ir.Constant(_NUMBER, 1),
        "acq_rel",
        "acquire",
    )
    following = builder.add(number, ir.Constant(_COUNT, 1))
    number.add_incoming(ir.Constant(_COUNT, 0), before)
    number.add_incoming(following, attempt)
    taken = builder.extract_value(exchanged, 1)
    last = builder.icmp_unsigned("==", following, ir.Constant(_COUNT, ATTEMPTS))
    builder.cbranch(builder.or_(taken, last), after, attempt)
    builder.position_at_end(after)


def _address(builder: Any) -> Any:
    known = builder.module.globals.get(_NAME)
    return known or ir.GlobalVariable(builder.module, _NUMBER, _NAME)


def take_turns() -> None:
    """Have all kernels compiled or loaded from now on take turns. To be called before the first."""
    binding.add_symbol(_NAME, ctypes.addressof(turn))
    setattr(callwrapper, "_GilManager", _TakingTurns)  # noqa: B010 - numba has no types
