"""Transposed convolution: from a small image to a larger one, as generators need it."""

import math

import numpy as np

from .conv import (
    Kernels,
    add_windows,
    batch_first,
    batch_last,
    flat_kernel,
    kernel_gradient,
    pad,
    windows,
)
from .layers import Layer
from .product import matmul
from .shapes import mismatch, whole


class ConvTranspose2d(Kernels):
    """Transposed convolution: every pixel of x lays down its multiple of the kernel, and where the
    kernels overlap they add up.

        z[n,o, stride i + r - padding, stride j + s - padding]  +=  x[n,c,i,j] W[c,o,r,s]

    then b[o] is added everywhere. It is the adjoint of the `Conv2d` from `out_channels` to
    `in_channels` with the same kernel: what that one does backward, this one does forward.

    Shapes: x (N, in, H, W) -> z (N, out, Ho, Wo) with Ho = stride (H - 1) + k - 2 padding;
    W (in, out, k, k), b (out,). `padding` takes that many pixels off each side.
    `init` draws as for a `Conv2d` with the same channels: a pixel of z hears all `in_channels`.
    Backward: dx is the convolution of dz with W; dW[c,o,r,s] sums x[n,c,i,j] times the dz that
    stands where the formula puts it; db sums over pixels and examples.
    Raises ValueError for a wrong shape or if nothing would be left, TypeError for a wrong dtype.
    Source: Dumoulin & Visin 2016, relationship 13; Radford et al. 2016.
    """

    def _turned(self, W):
        return np.ascontiguousarray(W.swapaxes(0, 1))

    def forward(self, x):
        W, b = self.params["W"], self.params["b"]
        full = self._full_size(x, W)
        x = batch_last(x)  # (H, W, in, N)
        columns = matmul(flat_kernel(W).T, x)  # (H, W, k k out, N): each pixel's own kernels
        z = add_windows(columns, self.kernel_size, self.stride, (*full, W.shape[1], x.shape[3]))
        z = self._inside(z)
        z += b[:, None]
        return batch_first(z), (x, z.shape)

    def backward(self, dz, cache, need_dx=True):
        x, (Ho, Wo, out, N) = cache
        W, k = self.params["W"], self.kernel_size
        if getattr(dz, "dtype", None) != W.dtype or dz.shape != (N, out, Ho, Wo):
            raise mismatch("ConvTranspose2d", f"dy ({N}, {out}, {Ho}, {Wo})", dz, W.dtype)
        dz = batch_last(dz)
        columns = windows(pad(dz, self.padding), k, self.stride)  # (H, W, k k out, N)
        dW = kernel_gradient(columns, x).reshape(k, k, out, len(W)).transpose(3, 2, 1, 0)
        grads = {"W": np.ascontiguousarray(dW), "b": np.add.reduce(dz, (0, 1)).sum(1)}
        return batch_first(matmul(flat_kernel(W), columns)) if need_dx else None, grads

    def _full_size(self, x, W):
        """Height and width before the padding is taken off."""
        C, k = len(W), self.kernel_size
        if getattr(x, "dtype", None) != W.dtype or x.ndim != 4 or x.shape[1] != C:
            raise mismatch("ConvTranspose2d", f"x (N, C={C}, H, W)", x, W.dtype)
        full = [self.stride * (size - 1) + k for size in x.shape[2:]]
        if min(x.shape[2:]) < 1 or min(full) <= 2 * self.padding:
            raise ValueError(
                f"ConvTranspose2d: expected an image that leaves something after padding "
                f"{self.padding} is taken off, got x {x.shape}"
            )
        return full

    def _inside(self, z):
        p = self.padding
        return z[p : len(z) - p, p : z.shape[1] - p]


class Unflatten(Layer):
    """Each vector as an image, `Flatten` turned round: x (N, C H W) -> y (N, C, H, W), C slowest.

    Raises ValueError for vectors of another length.
    """

    def __init__(self, channels, height, width):
        super().__init__()
        sizes = {"channels": channels, "height": height, "width": width}
        self.shape = tuple(whole("Unflatten", name, size) for name, size in sizes.items())

    def forward(self, x):
        n = math.prod(self.shape)
        if not isinstance(x, np.ndarray) or x.ndim != 2 or x.shape[1] != n:
            raise mismatch("Unflatten", f"x (N, {n})", x)
        return x.reshape(-1, *self.shape), (len(x), x.dtype)

    def backward(self, dy, cache, need_dx=True):
        N, dtype = cache
        if getattr(dy, "dtype", None) != dtype or dy.shape != (N, *self.shape):
            raise mismatch("Unflatten", f"dy {(N, *self.shape)}", dy, dtype)
        return (dy.reshape(N, math.prod(self.shape)) if need_dx else None), {}
