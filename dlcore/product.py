"""The one matrix product of the package.

Every layer multiplies through `matmul`, so that a faster kernel can stand behind all of them at
once. In the published page, where NumPy has no BLAS, that is a small SIMD kernel in WebAssembly.
"""

import math

import numpy as np

_kernel, _least = None, math.inf


def use(kernel, least=0):
    """Put `kernel(a, b)` behind `matmul`, for products of at least so many multiplications.
    It gets matrices and stacks of them.

    It may answer None to leave a product to NumPy; `use(None)` takes it away again.
    """
    global _kernel, _least
    _kernel, _least = kernel, math.inf if kernel is None else least


def matmul(a, b, out=None):
    """C = A B, with C_ij = sum_k A_ik B_kj; stacks of matrices multiply pair by pair."""
    if out is None and a.shape[-2] * b.size >= _least:
        c = _kernel(a, b)
        if c is not None:
            return c
    return a.dot(b, out=out) if a.ndim == 2 == b.ndim else np.matmul(a, b, out=out)
