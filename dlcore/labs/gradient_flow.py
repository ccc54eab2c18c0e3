"""The lab `gradient-flow`: an RNN beside an LSTM, and what of the gradient reaches each tick.

Both learn to say whether the first of T random bits was +1. What is shown, exactly:
- `dh_rnn`, `dh_lstm`, `dc_lstm`: Euclidean norms of dJ/dh_t and dJ/dc_t for t = 1 ... T, of one
  held-out sequence; c_t acts on c_{t+1} and, by h_t, on everything else: dJ/dc_t has both ways.
- the dashed ones, if the loss sits at the last tick: `alone_rnn`, dJ/dh_T taken back by W_hh only,
  as if every slope were 1; `alone_lstm`, dJ/dc_T taken back by the forget gates only. If it sits
  at every tick, `last_rnn` and `last_lstm`: the same as the solid ones, of the last tick's loss.
- `slopes`, `forget`: sigma'(z_t) of the RNN and f_t of the LSTM, unit by unit.
- `factors_at[t-1]`: six matrices of tick t, cut off at +-1: diag sigma'(z_t), W_hh, their product
  A_t = dh_t/dh_{t-1}, A_T ... A_t, then diag f_t and f_T ... f_t. `factors` are those of tick 1.
- `share_rnn`, `share_lstm`: |dJ/dh_1| / |dJ/dh_T|, |dJ/dc_1| / |dJ/dc_T|, of the last loss alone:
  the same as of the last answer, and that is what is taken, as a loss of 0 has no gradient.
- `loss_*`: mean loss of HELD_OUT sequences. `norm_*`: norm of all gradients of the last batch,
  before it was clipped (at step 0: of BATCH of those held out).
"""

from typing import ClassVar

import numpy as np

from ..layers import Dense
from ..recurrent import LSTMCell, RNNCell
from . import gradient_flow_nets as nets
from .cases import Cases
from .gradient_flow_audit import audit
from .gradient_flow_code import programs
from .gradient_flow_controls import CASES, NOTICE, USUAL, make_controls
from .gradient_flow_nets import BATCH, HELD_OUT
from .gradient_flow_panels import gradient_flow_panels
from .gradient_flow_words import Words
from .in_words import InWords
from .learner import LIMIT, norm, vector
from .mlp_controls import ACTIVATIONS
from .pair import Pair

HUGE = 1e30  # larger norms are shown as this


class GradientFlow(Cases, InWords, Pair):
    name = "gradient-flow"
    title = "Does the gradient get from the last tick back to the first?"
    hint = (
        "Read the curves from right to left: point at a tick, or walk back with ←, for its factor "
        "of the product. Move the radius, the forget bias, the length; then Play: both are trained."
    )
    rescue = "Clip the gradient, or choose a smaller α,"
    controls: ClassVar = make_controls()
    usual, cases, notices = USUAL, CASES, NOTICE
    recorded = (10,) * 20
    ranges: ClassVar = {
        "factors_at": (-1, 1, 17), "factors": (-1, 1, 17), "slopes": (0, 1, 33),
        "forget": (0, 1, 33),
    }  # fmt: skip

    @property
    def every(self):
        """Is the loss asked at every tick?"""
        return self.values["loss_at"] == "every tick"

    def panels(self):
        return gradient_flow_panels(self.values)

    # ---- the run

    def start(self):
        *for_nets, for_held_out, self._for_batches = np.random.default_rng(self.seed).spawn(4)
        self.loss = nets.loss_of(self.every)
        self.begin({"rnn": self._rnn(for_nets[0]), "lstm": self._lstm(for_nets[1])})
        self.x, self.y = self.draw(HELD_OUT, for_held_out)
        self.J = {}
        x, y = self.x[:, :BATCH], self.y[..., :BATCH, :]
        found = {name: self.gradient(net, x, y) for name, net in self.nets.items()}
        self.norms = {name: norm(grads) for name, (_, grads) in found.items()}

    def _rnn(self, rng):
        v = self.values
        kind, H = ACTIVATIONS[v["activation"]], v["hidden"]
        cell = RNNCell(nets.INPUTS, H, rng=rng, activation=kind, dtype=np.float64)
        cell.W_hh = nets.recurrent_matrix(v["matrix"], H, v["radius"], rng=rng)
        return nets.network(cell, Dense(H, 1, rng=rng, dtype=np.float64), self.every)

    def _lstm(self, rng):
        H, bias = self.values["hidden"], self.values["forget_bias"]
        cell = LSTMCell(nets.INPUTS, H, rng=rng, forget_bias=bias, dtype=np.float64)
        return nets.network(cell, Dense(H, 1, rng=rng, dtype=np.float64), self.every)

    def draw(self, count, rng):
        v = self.values
        return nets.remember(
            count, v["length"], later=v["later"], scale=v["scale"], every=self.every, rng=rng
        )

    def gradient(self, net, x, y):
        z, cache = net.forward(x)
        J, dz = self.loss(z, y)
        _, grads = net.backward(dz, cache, need_dx=False)
        return J, grads

    def update(self):
        """One step of both, on the same new sequences. `code()` prints this loop."""
        x, y = self.draw(BATCH, self._for_batches)
        found = {name: self.gradient(net, x, y) for name, net in self.nets.items()}
        self.J = {name: float(J) for name, (J, _) in found.items()}
        sizes = {name: norm(grads) for name, (_, grads) in found.items()}
        if not all(J < LIMIT and sizes[name] < HUGE for name, J in self.J.items()):
            return False
        self.norms = sizes
        for name, (_, grads) in found.items():
            self.step_by(name, grads)
        return True

    # ---- what is seen

    def walk(self, name):
        """Forward and back over the sequence that is shown: the first one held out."""
        y = self.y[:, :1] if self.every else self.y[:1]
        return nets.walk_back(self.nets[name], self.x[:, :1], y, self.loss)

    def measure(self):
        rnn, lstm = self.walk("rnn"), self.walk("lstm")
        cell = self.nets["rnn"].layers[0].cell
        rnn.slopes, lstm.forget = nets.slopes(cell, rnn.tape), nets.forget_gates(lstm.tape)
        rnn.factors = rnn.slopes[:, :, None] * cell.W_hh
        rnn.products, lstm.products = nets.products(rnn.factors), backwards(lstm.forget)
        rnn.W_hh = cell.W_hh.copy()
        self.held_out = {name: self.judge(net) for name, net in self.nets.items()}
        self.words = Words(self, rnn, lstm)
        factors = six(rnn, lstm)
        frame = {
            "dh_rnn": norms(rnn.dh[0]),
            "dh_lstm": norms(lstm.dh[0]),
            "dc_lstm": norms(lstm.dc[0]),
            **(self.of_last(rnn, lstm) if self.every else self.alone(rnn, lstm)),
            "slopes": plain(rnn.slopes.T),
            "forget": plain(lstm.forget.T),
            "factors": factors[0],
            "factors_at": factors,
            "share_rnn": vector(self.words.share["rnn"]),
            "share_lstm": vector(self.words.share["lstm"]),
            "clip": vector(self.most),
            "about_rnn": self.words.about_rnn(),
            "rnn_at": self.words.rnn_at(),
            "about_lstm": self.words.about_lstm(),
            "lstm_at": self.words.lstm_at(),
        }
        for name in self.nets:
            frame[f"loss_{name}"] = plain(self.held_out[name][:1])
            frame[f"norm_{name}"] = plain([self.norms[name]])
        return frame

    def judge(self, net):
        """(mean loss, share of right answers at the last tick) of the sequences held out."""
        z = net(self.x)
        right = (z > 0) == (self.y > 0.5)
        return self.loss(z, self.y)[0], float(np.mean(right[-1] if self.every else right))

    def alone(self, rnn, lstm):
        by_W, by_f = [rnn.dh[0, -1]], [lstm.dc[0, -1]]
        for f in lstm.forget[:0:-1]:
            by_W.append(by_W[-1] @ rnn.W_hh)
            by_f.append(by_f[-1] * f)
        return {"alone_rnn": norms(by_W[::-1], 0), "alone_lstm": norms(by_f[::-1], 0)}

    def of_last(self, rnn, lstm):
        of_z = {"last_rnn": rnn.error * rnn.dh[1], "last_lstm": lstm.error * lstm.dc[1]}
        return {name: norms(vectors) for name, vectors in of_z.items()}

    def static(self):
        return {"input": plain(self.x[None, :, 0, 0])}

    def audit(self):
        return audit(self)

    def code(self):
        return programs(self)


def norms(vectors, first=1):
    """Euclidean norms of the rows, from row `first` on; row 0 of a walk is before tick 1."""
    return plain(np.linalg.norm(np.asarray(vectors)[first:], axis=-1))


def plain(numbers):
    """float32 for the panels; what is beyond HUGE is shown as HUGE, NaN stays NaN."""
    a = np.asarray(np.clip(numbers, -HUGE, HUGE), np.float32)
    return np.where(np.abs(a) < 1 / HUGE, np.float32(0), a)


def backwards(gates):
    """f_T ... f_t for every t, (T, H)."""
    return np.cumprod(gates[::-1], 0)[::-1]


def six(rnn, lstm):
    """(T, 6, H, H): the matrices of every tick."""
    eye = np.eye(len(rnn.W_hh))
    W = np.broadcast_to(rnn.W_hh, rnn.factors.shape)
    gates = lstm.forget[:, :, None] * eye, lstm.products[:, :, None] * eye
    six = np.stack([rnn.slopes[:, :, None] * eye, W, rnn.factors, rnn.products, *gates], 1)
    return plain(np.clip(six, -1, 1))
