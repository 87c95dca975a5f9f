"""Counting and finding bits, reading ahead: machine instructions numba has no function for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array


def _instruction(generator: Callable[..., tuple[Any, Any]]) -> Callable[..., Any]:
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


@_instruction
def prefetch(_context: Any, array: Any, place: Any) -> tuple[Any, Any]:
    """Have an item of an array, a place within it, brought to the first cache; nothing waits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        of_array: Callable[..., Any] = make_array
        data = of_array(signature.args[0])(context, builder, arguments[0]).data
        address = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        number = ir.IntType(32)
        function = builder.module.declare_intrinsic(
            "llvm.prefetch",
            [address.type],
            ir.FunctionType(ir.VoidType(), [address.type, number, number, number]),
        )
        reading, all_caches, data_cache = (ir.Constant(number, each) for each in (0, 3, 1))
        builder.call(function, [address, reading, all_caches, data_cache])
        return context.get_dummy_value()

    return types.void(array, place), generate
