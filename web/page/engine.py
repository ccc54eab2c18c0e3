"""The Python side of the page's worker: a session for each figure, and the matrix product.

The worker writes it beside the package as ``dlcore_page`` and calls `install_product`, `open` and `handle`.
"""

import numpy as np
from js import Object, postMessage
from pyodide.ffi import to_js

from dlcore import product
from dlcore.labs import Session

SMALL = 12_000  # below so many multiplications the call costs more than it saves
sessions = {}


def open(figure, name, seed, values):
    """Begin the lab of a figure at step 0; it answers with its set-up and first frame."""

    def emit(content, arrays):
        post(figure, content, arrays)

    sessions[figure] = Session(name, emit, seed=seed, values=values.to_py())
    sessions[figure].handle({"cmd": "open"})


def handle(figure, message):
    """Pass a message of the page to the figure's session, which never raises."""
    sessions[figure].handle(message.to_py())


def post(figure, content, arrays):
    """One copy out of Python's memory for each array; the page then owns the buffers."""
    buffers = to_js([np.ascontiguousarray(array).ravel() for array in arrays])
    message = {"op": "emit", "figure": figure, "content": content}
    message = to_js(message, dict_converter=Object.fromEntries)
    message.buffers = buffers
    postMessage(message, [buffer.buffer for buffer in buffers])


# ---- the matrix product


def address(array):
    return array.__array_interface__["data"][0]


def make_kernel(sgemm):
    """The function that `dlcore.product.use` takes, from the one in WebAssembly."""

    def kernel(a, b):
        """C = A B for two float32 matrices with any strides, or None to leave it to NumPy."""
        if a.ndim != 2 or b.ndim != 2 or not a.dtype == b.dtype == np.float32:
            return None
        (m, k), (rows, n) = a.shape, b.shape
        if k != rows or m * n * k < SMALL:
            return None
        c = np.empty((m, n), np.float32)
        panel = np.empty((k, 8), np.float32)
        sgemm(
            *(address(a), *a.strides),
            *(address(b), *b.strides),
            *(address(c), c.strides[0]),
            *(m, n, k, address(panel)),
        )
        return c

    return kernel


def install_product(sgemm):
    """Test the kernel against NumPy, then put it behind every product. False if it is wrong."""
    kernel = make_kernel(sgemm)
    if not all(agrees(kernel, a, b) for a, b in examples()):
        return False
    product.use(kernel)
    return True


def examples():
    """Pairs that reach every branch: whole tiles and borders, and every way a matrix can lie."""
    rng = np.random.default_rng(0)

    def random(*shape):
        return rng.standard_normal(shape).astype(np.float32)

    yield random(32, 24), random(24, 16)
    yield random(33, 27), random(27, 19)
    yield random(27, 33).T, random(19, 27).T
    yield random(64, 64)[::2], random(32, 128)[:, ::2].T
    yield random(64, 32)[::-1], random(32, 32)[:, ::-1]


def agrees(kernel, a, b):
    c = kernel(a, b)
    return c is not None and np.allclose(c, a @ b, rtol=1e-4, atol=1e-4)
