"""Counting and finding bits: single machine instructions that numba has no function for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


def _instruction(generator: Callable[[Any, Any], tuple[Any, Any]]) -> Callable[..., Any]:
    """A function for kernels that becomes the instructions which the generator writes."""
    function: Callable[..., Any] = intrinsic(generator)
    return function


@_instruction
def popcount(_context: Any, _word: Any) -> tuple[Any, Any]:
    """How many bits of a uint64 are set, as int64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.ctpop(arguments[0])

    return types.int64(types.uint64), generate


@_instruction
def lowest_bit(_context: Any, _word: Any) -> tuple[Any, Any]:
    """The position of the lowest set bit of a uint64 that is not 0, as int64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.cttz(arguments[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), generate


@_instruction
def highest_bit(_context: Any, _word: Any) -> tuple[Any, Any]:
    """The position of the highest set bit of a uint64 that is not 0, as int64."""

    def generate(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        leading = builder.ctlz(arguments[0], ir.Constant(ir.IntType(1), 1))
        return builder.sub(ir.Constant(ir.IntType(64), 63), leading)

    return types.int64(types.uint64), generate
