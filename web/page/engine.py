"""The Python side of a page's worker: a session for each figure, the data, the matrix product.

A worker writes it beside the package as ``dlcore_page`` and calls `serve_files`, `install_product`,
`open` and `handle`.
"""

import json

import numpy as np
from js import JSON, Object, XMLHttpRequest, postMessage
from pyodide.ffi import JsException, to_js

from dlcore import data, product
from dlcore.labs import Session

FLOAT32 = np.dtype(np.float32)
COLUMNS = 8  # that the product handles at a time
SMALL = 1_000  # below so many multiplications the call costs more than it saves
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
    message = Object.new()
    message.op, message.figure, message.buffers = "emit", figure, buffers
    message.content = JSON.parse(json.dumps(content))  # as in Jupyter: None is null
    postMessage(message, [buffer.buffer for buffer in buffers])


# ---- data and weights


def serve_files(addresses):
    """Let dlcore read its files from the site; `addresses` is path in dlcore -> address."""
    addresses = addresses.to_py()
    data.use(lambda path: download(addresses[path]))


def download(address):
    """The contents of a file of the site. A worker may wait for it: the page goes on."""
    request = XMLHttpRequest.new()
    request.open("GET", address, False)
    request.responseType = "arraybuffer"
    try:
        request.send()
    except JsException:
        raise OSError("the server could not be reached") from None
    if request.status != 200:
        raise OSError(f"the server answered {request.status}")
    return request.response.to_bytes()


# ---- the matrix product


class Product:
    """C = A B by the function `matmul` in WebAssembly, as `dlcore.product.use` takes it."""

    def __init__(self, matmul):
        self.matmul = matmul
        self.make_room(1024)

    def make_room(self, k):
        """Working space for products of k terms."""
        self.terms = k
        self.space = np.empty((k, COLUMNS), np.float32)
        self.address = self.space.__array_interface__["data"][0]

    def __call__(self, a, b):
        """C for two float32 matrices, or stacks of them, with any strides; or None to leave the
        product to NumPy."""
        if a.ndim not in (2, b.ndim) or not 2 <= b.ndim <= 4:
            return None
        (m, k), (*stack, rows, n) = a.shape[-2:], b.shape
        if k != rows or a.dtype is not FLOAT32 or b.dtype is not FLOAT32:
            return None
        if a.ndim > 2 and a.shape[:-2] != b.shape[:-2]:
            return None
        if k > self.terms:
            self.make_room(k)
        c = np.empty((*stack, m, n), FLOAT32)
        self.matmul(id(a), id(b), id(c), self.address)
        return c


def install_product(matmul):
    """Test the product against NumPy, then put it behind dlcore. False if it is wrong."""
    kernel = Product(matmul)
    if not all(agrees(kernel, a, b) for a, b in examples()):
        return False
    product.use(kernel, SMALL)
    return True


def examples():
    """Pairs that reach every branch: whole tiles and borders, and every way a matrix can lie."""
    rng = np.random.default_rng(0)

    def random(*shape):
        return rng.standard_normal(shape).astype(np.float32)

    yield random(64, 32), random(32, 64)
    yield random(67, 51), random(51, 45)
    yield random(51, 67).T, random(45, 51).T
    yield random(128, 64)[::2], random(32, 128)[:, ::2].T
    yield random(64, 64)[::-1], random(64, 32)[:, ::-1]
    yield random(8, 2000), random(16, 2000).T
    yield random(9, 18), random(5, 4, 18, 33)
    yield random(3, 9, 18), random(3, 33, 18).swapaxes(1, 2)
    yield random(5, 4, 9, 32), random(5, 8, 33, 32)[:, ::2].swapaxes(2, 3)


def agrees(kernel, a, b):
    c = kernel(a, b)
    return c is not None and np.allclose(c, a @ b, rtol=1e-4, atol=1e-4)
