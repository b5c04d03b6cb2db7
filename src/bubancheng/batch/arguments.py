"""What the callers hand in, as arrays of whole numbers; anything else is refused."""

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bubancheng.batch.shared import NAT, OFF, Ints
from bubancheng.errors import ArgumentError, KindError

_CLOCK_UNITS = frozenset({"h", "m", "s", "ms", "us"})
_SPAN_UNITS = _CLOCK_UNITS | {"W", "D"}


def civil_days(values: ArrayLike) -> Ints:
    """Return civil dates as days since 1970."""
    given = np.asarray(values)
    if given.dtype.kind != "M" or np.datetime_data(given.dtype) != ("D", 1):
        msg = f"civil dates (datetime64[D]) are meant, got {given.dtype}: use .astype('datetime64[D]')"
        raise KindError(msg)
    return given.astype("datetime64[D]", copy=False).view(np.int64)


def instants(values: ArrayLike, name: str) -> Ints:
    """Return instants as microseconds since 1970; NaT passes here and is refused later."""
    given = np.asarray(values)
    if given.dtype.kind != "M" or np.datetime_data(given.dtype)[0] not in _CLOCK_UNITS:
        msg = f"{name}: instants (datetime64[us]) are meant, got {given.dtype}: use .astype('datetime64[us]')"
        raise KindError(msg)
    return _microseconds(given, "datetime64[us]", name)


def span_of(value: np.timedelta64) -> int:
    """Return a span as microseconds."""
    given = np.asarray(value)
    if given.shape or given.dtype.kind != "m" or np.datetime_data(given.dtype)[0] not in _SPAN_UNITS:
        msg = f"warn: one span of time (timedelta64[us]) is meant, got {value!r}"
        raise KindError(msg)
    span = int(_microseconds(given, "timedelta64[us]", "warn"))
    if span == NAT:
        msg = "warn: a span of time is meant, got NaT"
        raise KindError(msg)
    return span


def _microseconds(given: NDArray[Any], unit: str, name: str) -> Ints:
    """Return times in microseconds; numpy itself would let those overflow that do not fit."""
    found = given.astype(unit, copy=False)
    if found is not given and ((found.astype(given.dtype) != given) & ~np.isnat(given)).any():
        msg = f"{name}: a time is too far away for {unit}"
        raise ArgumentError(msg)
    return found.view(np.int64)


def whole_counts(values: ArrayLike) -> Ints:
    """Return whole numbers of days."""
    given = np.asarray(_bounded(values))
    if given.dtype.kind not in "iu":
        msg = f"n: whole numbers of working days are meant, got {given.dtype}"
        raise KindError(msg)
    return _signed(given)


def amounts_of(values: ArrayLike) -> NDArray[Any]:
    """Return seconds as int64 or float64."""
    given = np.asarray(_bounded(values))
    if given.dtype.kind == "f":
        return given.astype(np.float64, copy=False)
    if given.dtype.kind not in "iu":
        msg = f"seconds: numbers (int or float) are meant, got {given.dtype}"
        raise KindError(msg)
    return _signed(given)


def _bounded(value: ArrayLike) -> ArrayLike:
    """Return a Python int that numpy can hold; what lies off every table stays off."""
    return max(min(value, OFF), -OFF) if type(value) is int else value


def _signed(given: NDArray[Any]) -> Ints:
    if given.dtype == np.uint64:
        given = np.minimum(given, np.uint64(OFF))
    return given.astype(np.int64, copy=False)


def aligned(first: NDArray[Any], second: NDArray[Any]) -> tuple[tuple[int, ...], NDArray[Any], NDArray[Any]]:
    """Return the common shape and both arrays flat; the second stays 0-d where it is one value."""
    try:
        shape = np.broadcast_shapes(first.shape, second.shape)
    except ValueError:
        msg = f"the arguments of shapes {first.shape} and {second.shape} do not fit each other"
        raise ArgumentError(msg) from None
    flat = np.broadcast_to(first, shape).reshape(-1)
    return shape, flat, second if second.ndim == 0 else np.broadcast_to(second, shape).reshape(-1)
