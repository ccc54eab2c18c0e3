"""A cell, tick after tick."""

from ..layers import Layer
from ..shapes import mismatch, require_kind, require_mask
from .cell import Cell


class Recurrent(Layer):
    """A cell, tick after tick: x (T, N, D) -> y (T, N, H), all hidden states.

    A mask (T, N) of True and False is for sequences of unequal lengths, filled up to T ticks:
    where it is False nothing is learnt, y repeats the state before, and `cache.state` is therefore
    each sequence's own last state.

    The parameters are the cell's. `cache.state` is the state after the last tick; give it to the
    next `forward` to go on. With `dy=None` only `dstate`, the gradient of that last state, counts.
    Backward is backpropagation through time (Werbos 1990): the same weights act at every tick, so
    their gradient sums over ticks.
    Raises ValueError for a wrong shape, TypeError for a wrong dtype.
    """

    def __init__(self, cell):
        super().__init__()
        require_kind("Recurrent", "cell", cell, Cell)
        self.cell = cell
        self.params = cell.params

    def forward(self, x, state=None, mask=None):
        cell = self.cell
        D = cell.input_size
        if getattr(x, "dtype", None) != cell.dtype or x.ndim != 3 or x.shape[2] != D or not len(x):
            raise mismatch(self._who(), f"x (T >= 1, N, {D})", x, cell.dtype)
        if mask is not None:
            require_mask(self._who(), mask, x.shape[:2])
        tape = cell.run(x, state, mask)
        return tape.y, tape

    def __call__(self, x, state=None, mask=None):
        return self.forward(x, state, mask)[0]

    def backward(self, dy, cache, need_dx=True, dstate=None):
        dx, _, grads = self.backward_state(dy, cache, need_dx, dstate)
        return dx, grads

    def backward_state(self, dy, cache, need_dx=True, dstate=None):
        """`backward` that also answers the gradient of the initial state: (dx, dstate, grads)."""
        y = cache.y
        if dy is None and dstate is None:
            raise ValueError(f"{self._who()}: expected dy, dstate or both, got neither")
        if dy is not None and (getattr(dy, "dtype", None) != y.dtype or dy.shape != y.shape):
            raise mismatch(self._who(), f"dy {y.shape}", dy, y.dtype)
        return self.cell.run_back(dy, cache, need_dx, dstate)

    def _who(self):
        return f"Recurrent({type(self.cell).__name__})"
