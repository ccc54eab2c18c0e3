"""Convolution, pooling, and the way from images to vectors.

Images are (N, C, H, W), kernels (out, in, k, k). What deep learning calls convolution is the
cross-correlation of signal processing: the kernel is not flipped.

Inside, memory lies as (H, W, C, N), the batch last: then a window of the image is one matrix with
an example in each column, and a convolution is one matrix product for every output pixel. A layer
returns that memory seen as (N, C, H, W), a transposed view, so that the next layer here, or an
activation, goes on with it and nothing is copied between them.
"""

import math

import numpy as np
from numpy.lib.stride_tricks import as_strided

from . import init as initialise
from .layers import Layer, Param
from .product import matmul
from .shapes import mismatch, require_float, whole


def batch_last(x):
    """(N, C, H, W) as contiguous (H, W, C, N); free if `x` came from a layer of this module."""
    return np.ascontiguousarray(x.transpose(2, 3, 1, 0))


def batch_first(x):
    """(H, W, C, N) seen as (N, C, H, W)."""
    return x.transpose(3, 2, 0, 1)


def output_size(who, size, kernel_size, stride=1, padding=0):
    """How many places a window has along an axis: floor((size + 2 padding - k) / stride) + 1.

    Raises a ValueError if the kernel is larger than the padded axis.
    """
    if size + 2 * padding < kernel_size:
        raise ValueError(
            f"{who}: expected an image of at least {kernel_size} pixels along each axis "
            f"(the kernel size), got {size} and padding {padding}"
        )
    return (size + 2 * padding - kernel_size) // stride + 1


def pad(x, p):
    """Zeros around the two image axes of (H, W, C, N)."""
    if p == 0:
        return x
    H, W, C, N = x.shape
    padded = np.zeros((H + 2 * p, W + 2 * p, C, N), x.dtype)
    padded[p : p + H, p : p + W] = x
    return padded


def windows(x, k, stride):
    """Every k x k window of x (H, W, C, N) as the matrix that a kernel multiplies.

    Returns a read-only view (Ho, Wo, k k C, N); the rows of a matrix run over window column,
    window row, channel. Only the k rows are copied out: within a strip of them, the k columns of a
    window lie one after the other, and neighbouring windows overlap in memory.
    """
    H, W, C, N = x.shape
    Ho, Wo = (H - k) // stride + 1, (W - k) // stride + 1
    strips = np.empty((Ho, W, k, C, N), x.dtype)
    for i in range(k):
        strips[:, :, i] = x[i : i + stride * Ho : stride]
    down, right, _, _, example = strips.strides
    return as_strided(
        strips,
        (Ho, Wo, k * k * C, N),
        (down, stride * right, N * example, example),
        writeable=False,
    )


def add_windows(dwindows, k, stride, shape):
    """The adjoint of `windows`: every number is added back to the pixel it was copied from."""
    _, W, C, N = shape
    Ho, Wo = dwindows.shape[:2]
    dwindows = dwindows.reshape(Ho, Wo, k, k, C, N)
    dstrips = np.zeros((Ho, W, k, C, N), dwindows.dtype)
    for j in range(k):
        dstrips[:, j : j + stride * Wo : stride] += dwindows[:, :, j]
    dx = np.zeros(shape, dwindows.dtype)
    for i in range(k):
        dx[i : i + stride * Ho : stride] += dstrips[:, :, i]
    return dx


def flat_kernel(W):
    """W (out, in, k, k) as a matrix (out, k k in), its columns in the order of `windows`."""
    return W.transpose(0, 3, 2, 1).reshape(len(W), -1)


def kernel_gradient(columns, dz):
    """dW, summed over pixels and examples, as (k k in, out).

    columns (Ho, Wo, k k in, N) and dz (Ho, Wo, out, N).

    One product for each pixel, then their sum; a few image rows at a time, because all products
    together would be far larger than the image.
    """
    Ho, Wo, K, _ = columns.shape
    out = dz.shape[2]
    rows = max(1, 2**18 // (Wo * K * out))
    dW = np.zeros((K, out), dz.dtype)
    for h in range(0, Ho, rows):
        products = matmul(columns[h : h + rows], dz[h : h + rows].swapaxes(2, 3))
        dW += np.add.reduce(products, (0, 1))
    return dW


class Kernels(Layer):
    """What a convolution and a transposed one have in common: their sizes, kernels W and biases b.

    `padding` counts zeros or pixels at each side; `init` draws kernels of shape (out, in, k, k).
    """

    W = Param()
    b = Param()

    def __init__(
        self,
        in_channels,
        out_channels,
        kernel_size,
        stride=1,
        padding=0,
        *,
        rng,
        init=initialise.he,
        dtype=np.float32,
    ):
        super().__init__()
        who = type(self).__name__
        k = self.kernel_size = whole(who, "kernel_size", kernel_size)
        self.stride = whole(who, "stride", stride)
        self.padding = whole(who, "padding", padding, 0)
        C = whole(who, "in_channels", in_channels)
        out = whole(who, "out_channels", out_channels)
        W = initialise.draw(who, init, (out, C, k, k), rng=rng, dtype=dtype)
        self.params.add("W", self._turned(W))
        self.params.add("b", np.zeros(out, dtype))

    def _turned(self, W):
        """Kernels as the layer keeps them."""
        return W


class Conv2d(Kernels):
    """Convolutional layer, the pre-activation of `eq-cnn-convolution`, summed over input channels:

        z[n,o,i,j] = sum_c,r,s x[n, c, stride i + r, stride j + s] W[o,c,r,s] + b[o]

    Shapes: x (N, in, H, W) -> z (N, out, Ho, Wo) with Ho = floor((H + 2 padding - k) / stride) + 1;
    W (out, in, k, k), b (out,). `padding` puts that many zeros around the image.
    Backward: a weight is used at every pixel, so dW sums over pixels and examples; a pixel is seen
    by several windows, so dx sums over windows.
    Raises ValueError for a wrong shape or a kernel that does not fit, TypeError for a wrong dtype.
    Source: LeCun et al. 1998; the output size is Dumoulin & Visin 2016, relationship 6.
    """

    def forward(self, x):
        W, b = self.params["W"], self.params["b"]
        self._check(x, W)
        padded = pad(batch_last(x), self.padding)
        columns = windows(padded, self.kernel_size, self.stride)
        z = matmul(flat_kernel(W), columns)  # (Ho, Wo, out, N)
        z += b[:, None]
        return batch_first(z), (columns, padded.shape)

    def backward(self, dz, cache, need_dx=True):
        columns, padded_shape = cache
        W, k = self.params["W"], self.kernel_size
        Ho, Wo, _, N = columns.shape
        if getattr(dz, "dtype", None) != W.dtype or dz.shape != (N, len(W), Ho, Wo):
            raise mismatch("Conv2d", f"dy ({N}, {len(W)}, {Ho}, {Wo})", dz, W.dtype)
        dz = batch_last(dz)
        dW = kernel_gradient(columns, dz).reshape(k, k, W.shape[1], len(W)).transpose(3, 2, 1, 0)
        grads = {"W": np.ascontiguousarray(dW), "b": np.add.reduce(dz, (0, 1)).sum(1)}
        if not need_dx:
            return None, grads
        dcolumns = matmul(flat_kernel(W).T, dz)
        dx = add_windows(dcolumns, k, self.stride, padded_shape)
        p = self.padding
        return batch_first(dx[p : len(dx) - p, p : dx.shape[1] - p]), grads

    def _check(self, x, W):
        C = W.shape[1]
        if getattr(x, "dtype", None) != W.dtype or x.ndim != 4 or x.shape[1] != C:
            raise mismatch("Conv2d", f"x (N, C={C}, H, W)", x, W.dtype)
        for size in x.shape[2:]:
            output_size("Conv2d", size, self.kernel_size, self.stride, self.padding)


class Pool(Layer):
    """What max- and average-pooling share: a k x k window that moves by `stride` (default k).

    x (N, C, H, W) -> y (N, C, Ho, Wo) with Ho = floor((H - k) / stride) + 1; what is left over at
    the right and lower edge is dropped. Any floating dtype.
    """

    def __init__(self, kernel_size, stride=None):
        super().__init__()
        who = type(self).__name__
        self.kernel_size = whole(who, "kernel_size", kernel_size)
        self.stride = self.kernel_size if stride is None else whole(who, "stride", stride)

    def _open(self, x):
        """x as (H, W, C, N) and the size of the output."""
        who = type(self).__name__
        require_float(who, x)
        if x.ndim != 4:
            raise mismatch(who, "x (N, C, H, W)", x)
        Ho, Wo = (output_size(who, size, self.kernel_size, self.stride) for size in x.shape[2:])
        return batch_last(x), (Ho, Wo)

    def _open_back(self, dy, size, shape, dtype):
        """dy as (Ho, Wo, C, N)."""
        expected = (shape[3], shape[2], *size)
        if getattr(dy, "dtype", None) != dtype or dy.shape != expected:
            raise mismatch(type(self).__name__, f"dy {expected}", dy, dtype)
        return batch_last(dy)

    def _places(self, x, size):
        """For each of the k k places in a window, row by row: that place of every window."""
        (Ho, Wo), k, s = size, self.kernel_size, self.stride
        return [x[i : i + s * Ho : s, j : j + s * Wo : s] for i in range(k) for j in range(k)]


class MaxPool2d(Pool):
    """The largest number of each window (`eq-cnn-maxpool`).

    Backward: the gradient goes to the place that won, the first one (row by row) where several are
    equal, so that it is counted once.
    """

    def forward(self, x):
        x, size = self._open(x)
        first, *others = self._places(x, size)
        y = first.copy()
        winner = np.zeros(y.shape, np.min_scalar_type(self.kernel_size**2))
        for place, value in enumerate(others, start=1):
            # Places come in rising order, so a later winner has the larger number.
            larger = (value > y).view(np.uint8) * winner.dtype.type(place)
            np.maximum(winner, larger, out=winner)
            np.maximum(y, value, out=y)
        return batch_first(y), (winner, size, x.shape, x.dtype)

    def backward(self, dy, cache, need_dx=True):
        winner, size, shape, dtype = cache
        dy = self._open_back(dy, size, shape, dtype)
        if not need_dx:
            return None, {}
        dx = np.zeros(shape, dtype)
        for place, target in enumerate(self._places(dx, size)):
            if self.stride >= self.kernel_size:  # windows do not overlap: write, don't add
                np.multiply(dy, winner == place, out=target)
            else:
                target += dy * (winner == place)
        return batch_first(dx), {}


class AvgPool2d(Pool):
    """The mean of each window (`eq-cnn-avgpool`).

    Backward: each of its k k places gets dy / k^2.
    """

    def forward(self, x):
        x, size = self._open(x)
        first, *others = self._places(x, size)
        y = first.copy()
        for value in others:
            y += value
        y *= 1 / self.kernel_size**2
        return batch_first(y), (size, x.shape, x.dtype)

    def backward(self, dy, cache, need_dx=True):
        size, shape, dtype = cache
        share = self._open_back(dy, size, shape, dtype) * (1 / self.kernel_size**2)
        if not need_dx:
            return None, {}
        dx = np.zeros(shape, dtype)
        for target in self._places(dx, size):
            target += share
        return batch_first(dx), {}


class Flatten(Layer):
    """Each image as one vector (`eq-cnn-flatten`): x (N, C, H, W) -> y (N, C H W), C slowest."""

    def forward(self, x):
        if not isinstance(x, np.ndarray) or x.ndim < 2:
            raise mismatch("Flatten", "x (N, C, H, W)", x)
        return x.reshape(len(x), math.prod(x.shape[1:])), (x.shape, x.dtype)

    def backward(self, dy, cache, need_dx=True):
        shape, dtype = cache
        size = math.prod(shape[1:])
        if getattr(dy, "dtype", None) != dtype or dy.shape != (shape[0], size):
            raise mismatch("Flatten", f"dy ({shape[0]}, {size})", dy, dtype)
        return (dy.reshape(shape) if need_dx else None), {}
