"""Machine instructions numba has no function for: bits, many items at once, reading ahead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

RUN = 32
"""Items copied at once; of two bytes, a line of the cache."""


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
def copy_run(_context: Any, source: Any, _place: Any, target: Any, _at: Any) -> tuple[Any, Any]:
    """Copy RUN items of an array to another of the same type, from and to a place within it.

    Both must have as many from there on.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        item = signature.args[0].dtype
        run = ir.VectorType(context.get_data_type(item), RUN)
        begin = _address(context, builder, signature.args[0], arguments[:2], run)
        end = _address(context, builder, signature.args[2], arguments[2:], run)
        items = builder.load(begin, align=item.bitwidth // 8)
        builder.store(items, end, align=item.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(source, types.int64, target, types.int64), generate


@_instruction
def eight_bytes(_context: Any, array: Any, _place: Any) -> tuple[Any, Any]:
    """The eight bytes of an array of uint8 from a place on, as uint64; the first is the lowest.

    All of them have to be in the array.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _address(context, builder, signature.args[0], arguments, ir.IntType(64))
        return builder.load(address, align=1)

    return types.uint64(array, types.int64), generate


@_instruction
def at_least(_context: Any, array: Any, _place: Any, _value: Any) -> tuple[Any, Any]:
    """Which of the 64 items of an array from a place on are at least as great as a value.

    As a uint64, the first item the lowest bit. For arrays of unsigned numbers, whose type holds
    the value. All 64 have to be in the array.
    """

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        width = signature.args[0].dtype.bitwidth
        several = ir.VectorType(ir.IntType(width), 64)
        address = _address(context, builder, signature.args[0], arguments, several)
        items = builder.load(address, align=width // 8)
        nothing = ir.Constant(several, ir.Undefined)
        value = builder.trunc(arguments[2], several.element)
        value = builder.insert_element(nothing, value, ir.Constant(ir.IntType(32), 0))
        everywhere = ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64)
        value = builder.shuffle_vector(value, nothing, everywhere)
        return builder.bitcast(builder.icmp_unsigned(">=", items, value), ir.IntType(64))

    return types.uint64(array, types.int64, types.int64), generate


@_instruction
def prefetch(_context: Any, array: Any, place: Any) -> tuple[Any, Any]:
    """Have an item of an array, a place within it, brought to the first cache; nothing waits."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        address = _address(context, builder, signature.args[0], arguments, ir.IntType(8))
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


def _address(context: Any, builder: Any, array: Any, arguments: Any, kind: Any) -> Any:
    """Where an item of an array lies, as a pointer to a kind; arguments: the array and the place."""
    of_array: Callable[..., Any] = make_array
    data = of_array(array)(context, builder, arguments[0]).data
    return builder.bitcast(builder.gep(data, [arguments[1]]), kind.as_pointer())
