"""How fast the readable package trains, beside PyTorch: `python -m bench`."""

import os

# One thread, here and in the workers; it must be said before NumPy is imported.
for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[variable] = "1"
