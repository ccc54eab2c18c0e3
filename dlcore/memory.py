"""Keep freed memory for the next array of the same size.

On Linux, glibc hands large freed blocks back to the system at once, and the next array pays for
every page again: a training step of a convolutional net then takes twice as long. glibc learns from
what is freed (mallopt(3), "dynamic mmap threshold"): after one block of 32 MB, the largest size it
learns from, it keeps what is smaller. The block is never written to, so it costs no memory and no
time. Elsewhere nothing is done: in WebAssembly the block would make the heap grow.
"""

import sys

import numpy as np

_LARGEST = 2**25 - 2**13  # bytes: with the allocator's own header it stays within 32 MB


def keep_freed_blocks():
    """Teach the allocator, once, when the package is imported."""
    if sys.platform == "linux":
        np.empty(_LARGEST, np.uint8)
