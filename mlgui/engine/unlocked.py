"""Dense linear algebra of large matrices that lets the other threads of Python run meanwhile.

`scipy.linalg.blas` and `.lapack` keep Python's lock for the whole of a call: with a few thousand columns that is a second, in
which no window can be painted and no Cancel pressed. The same routines of the same library are called here through the pointers
SciPy publishes for Cython (`scipy.linalg.cython_lapack`), by ctypes, which gives the lock back. Matrices are square, in Fortran
order, of binary32 or binary64; only their lower triangle is read.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from functools import cache
from typing import Any

import numpy as np
import scipy.linalg.cython_blas
import scipy.linalg.cython_lapack
from numpy.typing import NDArray

Matrix = NDArray[np.floating]

_SIDES, _LOWER, _PLAIN, _TURNED, _NOT_UNIT = (ctypes.c_char(letter) for letter in (b"L", b"L", b"N", b"T", b"N"))
_name_of = ctypes.pythonapi.PyCapsule_GetName
_name_of.restype, _name_of.argtypes = ctypes.c_char_p, [ctypes.py_object]
_pointer_of = ctypes.pythonapi.PyCapsule_GetPointer
_pointer_of.restype, _pointer_of.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]


def cholesky(matrix: Matrix) -> bool:
    """Overwrite a symmetric matrix by its lower Cholesky factor, zeros above; return whether it was positive definite."""
    n, info = len(matrix), ctypes.c_int()
    _call("potrf", matrix.dtype, [_LOWER, n, matrix, n, info])
    for column in range(1, n):
        matrix[:column, column] = 0.0
    return info.value == 0


def inverse_from_cholesky(chol: Matrix) -> Matrix:
    """Return (L L')^-1 from L: its lower triangle, zeros above."""
    n, found, info = len(chol), chol.copy(order="F"), ctypes.c_int()
    _call("potri", chol.dtype, [_LOWER, n, found, n, info])
    return found


def triangular_inverse(chol: Matrix) -> Matrix:
    """Return L^-1."""
    n, found, info = len(chol), chol.copy(order="F"), ctypes.c_int()
    _call("trtri", chol.dtype, [_LOWER, _NOT_UNIT, n, found, n, info])
    return found


def triangular_solution(chol: Matrix, right: Matrix, *, transposed: bool = False) -> Matrix:
    """Return L^-1 right, or L'^-1 right, in the precision of L; right (n, m) or (n,)."""
    n, found = len(chol), np.array(right, dtype=chol.dtype, order="F")
    columns, one, turned = (1 if found.ndim == 1 else found.shape[1]), np.ones(1, chol.dtype), _TURNED if transposed else _PLAIN
    _call("trsm", chol.dtype, [_SIDES, _LOWER, turned, _NOT_UNIT, n, columns, one, chol, n, found, n])
    return found


def triangular_times(chol: Matrix, right: Matrix) -> None:
    """Overwrite `right`, (n, m) in Fortran order, by L right."""
    n, one = len(chol), np.ones(1, chol.dtype)
    _call("trmm", chol.dtype, [_SIDES, _LOWER, _PLAIN, _NOT_UNIT, n, right.shape[1], one, chol, n, right, n])


def add_square(total: Matrix, factor: float, rows: Matrix) -> None:
    """Add factor rows'rows to the lower triangle of `total`, (n, n) in Fortran order; rows (m, n) in C order."""
    n, m, scale, one = len(total), len(rows), np.full(1, factor, total.dtype), np.ones(1, total.dtype)
    if m:
        _call("syrk", total.dtype, [_LOWER, _PLAIN, n, m, scale, rows.T, n, one, total, n])


def _call(name: str, dtype: np.dtype[np.floating], arguments: Sequence[Any]) -> None:
    """Call a routine; whole numbers and arrays are handed over by their addresses, as Fortran takes them."""
    assert all(each.flags.f_contiguous for each in arguments if isinstance(each, np.ndarray)), (
        "columns must lie one after another"
    )
    kept = [ctypes.c_int(argument) if isinstance(argument, int) else argument for argument in arguments]
    addresses = [each.ctypes.data if isinstance(each, np.ndarray) else ctypes.addressof(each) for each in kept]
    _routine(("s" if dtype == np.float32 else "d") + name, len(addresses))(*addresses)


@cache
def _routine(name: str, n_arguments: int) -> Any:
    """Return a routine of LAPACK or BLAS as a function of ctypes, which releases the lock while it runs."""
    published = scipy.linalg.cython_lapack.__pyx_capi__ | scipy.linalg.cython_blas.__pyx_capi__
    capsule = published[name]
    return ctypes.CFUNCTYPE(None, *[ctypes.c_void_p] * n_arguments)(_pointer_of(capsule, _name_of(capsule)))
