"""What the lab `gradient-flow` shows: the gradient at every tick, its factors, and the training."""

import math

from . import panels

RNN, LSTM = "s3", "s2"
TICKS = {"axis": "t", "sel": ["tick", "unit"]}
GUESSING = math.log(2)  # the loss of a network that says 1/2 every time
FLOOR = 1e-10  # of the gradient that is drawn: below it nothing is left


def gradient_flow_panels(values):
    """All panels; `values` are those of the lab."""
    every, length, hidden = values["loss_at"] == "every tick", values["length"], values["hidden"]
    row = 8 if hidden > 4 else 14
    return [
        gradient(every, length),
        panels.heatmap("input", "input: bits ±1", 12, data="input",
                       color="div", lo=-max(values["scale"], 0.1), hi=max(values["scale"], 0.1),
                       row_height=12, axis="t", sel=["tick", "bit"]),
        panels.heatmap("slopes", "RNN: slopes σ′(zₜ)", 12, data="slopes", color="seq",
                       lo=0, hi=1, row_height=row, **TICKS),
        panels.heatmap("forget", "LSTM: forget gates fₜ", 12, data="forget",
                       color="seq", lo=0, hi=1, row_height=row, **TICKS),
        panels.images("factors", "tick {tick}: its factor, all from T to it",
                      12, data="factors", place="tick", place_data="factors_at", columns=6,
                      color="div", lo=-1, hi=1, captions=[
                          "diag σ′(zₜ)", "Wₕₕ", "Aₜ = diag σ′ · Wₕₕ", "A_T ⋯ Aₜ",
                          "LSTM: diag fₜ", "f_T ⋯ fₜ"]),
        *[panels.formula(name, label, 6, who=label, data=f"about_{name}", sel="tick",
                         sel_data=f"{name}_at", lines=5)
          for name, label in (("rnn", "RNN"), ("lstm", "LSTM"))],
        *training(),
    ]  # fmt: skip


def gradient(every, length):
    kind = "last" if every else "alone"
    series = [
        panels.line(f"{kind}_rnn", "T only" if every else "W alone", color=RNN, dash=True, width=1),
        panels.line(f"{kind}_lstm", "T only" if every else "f alone", color=LSTM, dash=True,
                    width=1),
        panels.line("dh_lstm", "LSTM h", color=LSTM, width=1),
        panels.line("dc_lstm", "LSTM c", color=LSTM, width=2.5),
        panels.line("dh_rnn", "RNN h", color=RNN, width=2.5),
    ]  # fmt: skip
    return panels.lines(
        "gradient", "gradient norm at every tick t", 12, height=230, log=True, floor=FLOOR,
        over="tick", mirror=True, tokens=numbers(length), series=series, **TICKS,
    )  # fmt: skip


def numbers(length):
    """Labels of the ticks, counted from 1: the first, the last, a few between; others are empty."""
    apart = 1 if length <= 10 else 5 if length <= 40 else 10
    shown = {1, length, *range(apart, length - apart // 2, apart)}
    return [str(t) if t in shown else "" for t in range(1, length + 1)]


def training():
    both = [("rnn", "RNN", RNN), ("lstm", "LSTM", LSTM)]

    def series(what):
        return [panels.line(f"{what}_{n}", label, color=color) for n, label, color in both]

    small = {"height": 130, "over": "step"}
    clip = panels.line("clip", "clip", color="ink2", dash=True, width=1)
    return [
        panels.lines("loss", "loss J", 3, log=True, floor=1e-3, series=series("loss"),
                     refs=[{"y": GUESSING, "label": "guess"}], **small),
        panels.lines("share", "share at tick 1", 5, log=True, floor=FLOOR,
                     series=series("share"), **small),
        panels.lines("norms", "norm of all gradients", 4, log=True,
                     series=[*series("norm"), clip], **small),
    ]  # fmt: skip
