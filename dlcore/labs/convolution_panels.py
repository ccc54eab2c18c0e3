"""What the lab `convolution` shows: image, kernel and output, below them their gradients."""

from . import panels
from .convolution_controls import WIDEST

GRID = {"square": True, "numbers": True, "color": "div", "narrow": 6}


def convolution_panels(lab):
    weights, pixels = lab.first_weight, lab.first_pixel
    seen = panels.cover("see", color="ink")
    used = panels.cover("used", first=weights, color="grad")
    touched = panels.cover("touch", first=pixels, color="grad")
    curved = lab.values["activation"] != "identity"
    outputs = [("a", "a = σ(z)"), ("z", "z")] if curved else [("z", "z")]
    errors = [("dz", "dz")] + ([("da", "da")] if curved else [])
    gradients = [
        {"data": "dW", "label": "dW"},
        {"data": "hidden", "label": "hidden W", "most": "W_most"},
    ]
    return [
        panels.formula("notice", "what to notice", 12, data="notice", lines=2),
        panels.editable("input", "image x: draw", 4, data="x", color="seq", lo=0, hi=1, paint=1,
                        event="draw", margin=lab.values["padding"], narrow=6,
                        sel="part", first=pixels, covers=[seen, used]),
        panels.editable("kernel", "kernel W: change it", 4, data="W", color="div", lo=-WIDEST,
                        hi=WIDEST, numbers=True, step=0.25, event="kernel", most="W_most",
                        narrow=6, sel="part", first=weights),
        panels.heatmap("output", f"output {outputs[0][0]}: point at it", 4, **GRID,
                       views=views(outputs), most="z_most", sel="part", tell=True,
                       covers=[touched]),
        panels.products("sum", "where it comes from", 8, sel="part", narrow=12, height=190,
                        sums=sums(lab, curved)),
        panels.heatmap("target", "target t", 4, **GRID, data="target",
                       most="z_most", sel="part"),
        panels.heatmap("dx", "dx = ∂J/∂x", 4, **GRID, data="dx", most="dx_most", sel="part",
                       first=pixels),
        panels.heatmap("dW", "dW = ∂J/∂W", 4, **GRID, views=gradients, most="dW_most", sel="part",
                       first=weights),
        panels.heatmap("dz", "dz = ∂J/∂z", 4, **GRID, views=views(errors), most="dz_most",
                       sel="part", tell=True, covers=[touched]),
        panels.lines("loss", "loss J", 5, height=150, log=True, floor=1e-6, over="step", narrow=6,
                     series=[panels.line("J", "J", color="ink", width=2)]),
        panels.formula("formula", "the formulas", 7, data="formula", lines=6),
    ]  # fmt: skip


def views(pairs):
    return [{"data": data, "label": label} for data, label in pairs]


def sums(lab, curved):
    """The output, the gradient of the kernel and that of the image: all three are correlations."""
    after = {"name": "a", "text": f"{lab.values['activation']}(z)", "data": "a"}
    return [
        panels.sum_of("z", name="z", left="padded", right="W", places="see", plus="b",
                      title="z at ({row}, {column}): window of x · kernel W",
                      **({"then": after} if curved else {})),
        panels.sum_of("dW", name="dW", left="padded", right="dz", places="used",
                      first=lab.first_weight,
                      title="dW at ({row}, {column}): the x it was multiplied with · dz"),
        panels.sum_of("dx", name="dx", left="dz", right="turned", places="touch",
                      first=lab.first_pixel,
                      title="dx at ({row}, {column}): dz of its windows · W turned round"),
    ]  # fmt: skip
