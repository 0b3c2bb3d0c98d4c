"""Functions that only return their input, made as xlwings shows it: what the times of ours are compared with."""

import sys

import xlwings as xw


@xw.func
@xw.arg("cells", ndim=2)
def same(cells):
    return cells


@xw.func
def loaded():
    """Load numba, as a large range does, and say whether its compiled kernels are there."""
    import numba  # noqa: F401

    return "tieraddin.kernels._jit_pareto" in sys.modules
