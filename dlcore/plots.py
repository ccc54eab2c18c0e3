"""Figures with matplotlib, in the colours of the live figures.

One call a figure; each function returns the axes it drew on. The sign rule of the whole book:
positive, label 1 and real data are blue circles; negative, label 0 and generated data are
vermillion diamonds; fields use one map between the two with a neutral middle; gradients are purple.
"""

from itertools import pairwise

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.patheffects import withStroke

INK, SOFT, RULE, HAIR = "#1b2530", "#5a6672", "#c9d0d8", "#e9ecf0"
BLUE, VERMILLION, GRADIENT = "#0072b2", "#d55e00", "#b8609a"
SERIES = (BLUE, VERMILLION, "#009e73", "#b07a00", GRADIENT, INK)
MARKERS = ("D", "o", "s", "^", "v", "P")
LINES = (INK, "#009e73", "#b07a00", GRADIENT, BLUE, VERMILLION)

DIVERGING = LinearSegmentedColormap.from_list("dlcore", [VERMILLION, "#f6f5f2", BLUE])
FIELD = LinearSegmentedColormap.from_list("dlcore-field", ["#efc0a3", "#f6f5f2", "#a3c6e0"])
SEQUENTIAL = LinearSegmentedColormap.from_list("dlcore-seq", ["#f3f5f4", "#7dbba3", "#06543f"])

STYLE = {
    "font.size": 10,
    "text.color": INK,
    "axes.edgecolor": RULE,
    "axes.labelcolor": INK,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "semibold",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.prop_cycle": mpl.cycler(color=SERIES),
    "grid.color": HAIR,
    "xtick.color": SOFT,
    "ytick.color": SOFT,
}


def panels(columns, rows=1, width=3.2, height=3.0):
    """A row of empty axes to hand to the functions below, as an array."""
    # Not inside the style's context: a notebook's backend sets itself up when it makes its first
    # figure, and leaving the context would undo that.
    figure = plt.figure(figsize=(width * columns, height * rows), dpi=110, layout="constrained")
    with mpl.rc_context(STYLE):
        return figure.subplots(rows, columns, squeeze=False).ravel()


def _axes(ax, width=5.2, height=3.4):
    """The given axes, or those of a new figure in the style of the book."""
    return panels(1, width=width, height=height)[0] if ax is None else ax


def points(
    x, y, labels=("label 0", "label 1"), axes=("x₁", "x₂"), kinds=None, hollow=False, ax=None
):
    """Two features against each other; colour and mark say the class, `hollow` test data.

    `kinds=(numbers, names)` marks a second property by shape; colour alone then says the class.
    """
    x, y = np.asarray(x), _classes("points", y, len(x), len(labels))
    ax = _axes(ax)
    colours = (VERMILLION, BLUE, *SERIES[2:])
    numbers, names = kinds or (y, labels)
    for k, colour in zip(range(len(labels)), colours, strict=False):
        for kind in np.unique(numbers[y == k]):
            here = x[(y == k) & (numbers == kind)]
            _marks(ax, here, MARKERS[kind], colour, hollow)
    for k, name in enumerate(labels):
        _marks(ax, np.empty((0, 2)), MARKERS[k] if kinds is None else "", colours[k], hollow, name)
    for k, name in enumerate(names if kinds else ()):
        _marks(ax, np.empty((0, 2)), MARKERS[k], SOFT, True, name)
    ax.set_xlabel(axes[0])
    _label_y(ax, axes[1])
    _name_above(ax)
    return ax


def _classes(who, y, m, k):
    """Labels of any shape and dtype as (m,) whole numbers below k, or one clear line."""
    y = np.asarray(y).reshape(-1)
    if len(y) != m or not np.all(np.isin(y, np.arange(k))):
        raise ValueError(f"{who}: expected {m} labels 0..{k - 1}, got {len(y)}: {np.unique(y)[:9]}")
    return y.astype(int)


def _marks(ax, x, marker, colour, hollow, label=None):
    ax.plot(
        x[:, 0],
        x[:, 1],
        linestyle="",
        color=colour,  # of the name in the legend
        marker=marker,
        markersize=4.5 if marker == "o" else 4.2,
        markerfacecolor="none" if hollow else colour,
        markeredgecolor=colour if hollow else "white",
        markeredgewidth=1.1 if hollow else 0.6,
        label=label,
    )


def _name_above(ax):
    """A legend above the axes, where no point can be: its words have the colour of their marks."""
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=9,
        frameon=False,
        fontsize=9,
        handletextpad=0.1,
        columnspacing=1.0,
        labelcolor="linecolor",
    )


def decision(probability, x, y, labels=("label 0", "label 1"), axes=("x₁", "x₂"), ax=None):
    """What a classifier answers on the whole plane, its boundary, and the points it is asked about.

    `probability(grid)` takes (n, 2) float32 and returns the probability of label 1.
    """
    ax = _axes(ax)
    (left, bottom), (right, top) = x.min(0), x.max(0)
    pad_x, pad_y = 0.08 * (right - left), 0.08 * (top - bottom)
    u = np.linspace(left - pad_x, right + pad_x, 160, dtype=np.float32)
    v = np.linspace(bottom - pad_y, top + pad_y, 160, dtype=np.float32)
    grid = np.stack(np.meshgrid(u, v), -1).reshape(-1, 2)
    p = np.asarray(probability(grid)).reshape(len(v), len(u))
    ax.imshow(
        p,
        extent=(u[0], u[-1], v[0], v[-1]),
        origin="lower",
        cmap=FIELD,
        vmin=0,
        vmax=1,
        aspect="auto",
    )
    if p.min() < 0.5 < p.max():
        ax.contour(u, v, p, levels=[0.5], colors=INK, linewidths=1.2)
    return points(x, y, labels, axes, ax=ax)


def mesh(x, axes=("x₁", "x₂"), ax=None):
    """What a function makes of a grid: points (rows, columns, 2), each joined to its neighbours, in
    the colour of what is generated."""
    ax = _axes(ax, width=3.6)
    for along in (x, np.swapaxes(x, 0, 1)):
        ax.plot(*along.T, color=VERMILLION, linewidth=0.6)
    ax.set_xlabel(axes[0])
    _label_y(ax, axes[1])
    ax.set_aspect("equal")
    return ax


def arrows(x, d, longest=0.3, ax=None):
    """Arrows from points x (m, 2) along d (m, 2), purple as gradients are, in one scale: the
    longest has the length `longest` of the axes."""
    ax = _axes(ax)
    scale = longest / max(np.linalg.norm(d, axis=1).max(), np.finfo(d.dtype).tiny)
    how = {"angles": "xy", "scale_units": "xy", "scale": 1, "width": 0.005, "zorder": 3}
    ax.quiver(*x.T, *(scale * d).T, color=GRADIENT, **how)
    return ax


def paths(series, axes=("x₁", "x₂"), ax=None):
    """Ways through a plane: name -> points (n, 2) in their order; a dot marks where each begins."""
    ax = _axes(ax, width=4.4)
    for k, (name, way) in enumerate(series.items()):
        x, y = np.asarray(way).T
        colour = LINES[k % len(LINES)]
        ax.plot(x, y, color=colour, linewidth=1.5, label=name)
        ax.plot(x[:1], y[:1], color=colour, marker="o", markersize=5)
    ax.set_xlabel(axes[0])
    _label_y(ax, axes[1])
    ax.set_aspect("equal")
    _name_above(ax)
    return ax


def lines(x, series, xlabel="step", ylabel="", log=False, ax=None):
    """Curves over x, each with its name at its end. `series`: name -> values. A series whose name
    ends in `test` or `validation` is dashed and shares its colour with the one before.

    Values that cannot be drawn (not finite, or not positive on a log axis) are left out, and the
    title says how many.
    """
    ax = _axes(ax)
    left_out, k = 0, -1
    for name, values in series.items():
        values = np.asarray(values, float)
        shown = np.isfinite(values) & ((values > 0) | (not log))
        left_out += int(np.sum(~shown))
        is_test = name.endswith(("test", "validation"))
        k += not (is_test and k >= 0)
        ax.plot(
            np.asarray(x)[shown],
            values[shown],
            color=LINES[k % len(LINES)],
            linestyle="--" if is_test else "-",
            linewidth=1.5,
            label=name,
        )
    if left_out:
        ax.set_title(f"{left_out} values cannot be drawn (not finite or not positive)", loc="left")
    if log:
        _log_y(ax)
    ax.set_xlabel(xlabel)
    _label_y(ax, ylabel)
    ax.grid(axis="y")
    _name_ends(ax)
    return ax


def _log_y(ax):
    """Powers of ten, those of few digits as they are; between them 2 and 5 where the powers are
    few, all digits where there is none."""
    ax.set_yscale("log")

    def is_plain(v):
        return 1e-3 < v < 1e5

    def power(v, _=None):
        return f"{v:g}" if is_plain(v) else f"$10^{{{round(np.log10(v))}}}$"

    def between(v, _):
        low, high = ax.get_ylim()
        named = "23456789" if high < 4 * low else "25" if high < 100 * low else ""
        return f"{v:g}" if is_plain(v) and f"{v:e}"[0] in named else ""

    ax.yaxis.set_major_formatter(power)
    ax.yaxis.set_minor_formatter(between)


def _label_y(ax, text):
    """A short name stands upright; a long one would take the figure's room and is turned."""
    upright = len(text) <= 3
    ax.set_ylabel(text, rotation=0 if upright else 90, ha="right" if upright else "center")


def _name_ends(ax):
    """Names to the right of the last values, moved apart where they would touch."""
    ax.set_ylim(ax.get_ylim())  # settles the limits, so that places can be computed
    to_axes = ax.transScale + ax.transLimits
    drawn = [line for line in ax.lines if len(line.get_xdata())]
    heights = [to_axes.transform((0, line.get_ydata()[-1]))[1] for line in drawn]
    for line, height in zip(drawn, _apart(heights), strict=True):
        ax.text(
            1.02,
            height,
            line.get_label(),
            color=line.get_color(),
            transform=ax.transAxes,
            va="center",
            fontsize=9,
        )


def _apart(heights, gap=0.085, top=1.0):
    """The same heights in the same order, moved so that any two are `gap` apart and none is above
    `top`: up where they would touch, then the highest down again."""
    order = np.argsort(heights, kind="stable")
    moved = np.array(heights, float)
    for below, above in pairwise(order):
        moved[above] = max(moved[above], moved[below] + gap)
    limit = top
    for i in order[::-1]:
        moved[i] = min(moved[i], limit)
        limit = moved[i] - gap
    return moved


def confusion(y, guess, classes, ax=None):
    """How often each class (row) was taken for each class (column); the diagonal is right."""
    ax = _axes(ax, width=4.2, height=4.0)
    n = len(classes)
    y = _classes("confusion", y, len(y), n)
    guess = _classes("confusion", guess, len(y), n)
    counts = np.zeros((n, n), int)
    np.add.at(counts, (y, guess), 1)
    share = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    ax.imshow(share, cmap=SEQUENTIAL, vmin=0, vmax=1)
    for i, j in np.argwhere(counts > 0):
        ax.text(
            j,
            i,
            counts[i, j],
            ha="center",
            va="center",
            fontsize=9,
            color="white" if share[i, j] > 0.6 else INK,
        )
    ax.set_xticks(range(n), classes)
    ax.set_yticks(range(n), classes)
    ax.set_xlabel("answered")
    ax.set_ylabel("true")
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    return ax


def images(x, titles=None, columns=8, ax=None):
    """Small grey images (n, h, w) side by side, each with a line under it."""
    rows = -(-len(x) // columns)
    if ax is None:
        ax = panels(columns, rows, width=0.86, height=1.08)
    for k, a in enumerate(ax):
        a.set_axis_off()
        if k < len(x):
            a.imshow(x[k], cmap="gray_r", vmin=0, vmax=1)
            if titles is not None:
                a.set_title(titles[k], fontsize=9, fontweight="normal", loc="center")
    return ax


BOXES = {  # colour and line, as in the live figure
    "true": (BLUE, ":"),
    "right": ("#009e73", "-"),
    "kept": ("#b07a00", "-"),
    "false": (VERMILLION, "--"),
    "suppressed": (SOFT, "--"),
    "answered": (SOFT, "-"),
}


def boxes(image, marked, title="", ax=None):
    """A grey picture (h, w) with boxes on it. `marked`: a name of `BOXES` -> boxes (n, 4), or
    (boxes, texts) with a text to stand above each.
    """
    ax = _axes(ax, width=3.6, height=3.6)
    h, w = image.shape
    ax.imshow(image, cmap="gray_r", vmin=0, vmax=max(1, image.max()), extent=(0, w, h, 0))
    for name, what in marked.items():
        if name not in BOXES:
            raise ValueError(f"boxes: expected names from {list(BOXES)}, got {name!r}")
        corners, texts = what if isinstance(what, tuple) else (what, [""] * len(what))
        colour, line = BOXES[name]
        for (x0, y0, x1, y1), text in zip(corners, texts, strict=True):
            x, y = (x0, x1, x1, x0, x0), (y0, y0, y1, y1, y0)
            ax.plot(x, y, color=colour, linestyle=line, linewidth=1.6, clip_on=False)
            halo = [withStroke(linewidth=2.5, foreground="white")]
            ax.text(x0, y0 - w / 60, text, color=colour, fontsize=9, path_effects=halo)
    ax.set_title(title, fontweight="normal")
    ax.set_axis_off()
    return ax
