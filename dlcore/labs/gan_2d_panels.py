"""What the lab `gan-2d` shows: the plane, how close G has come, losses, divergences, gradients."""

from . import gan_panels, panels
from .gan_2d_controls import OWN
from .gan_game import NAMES
from .gan_panels import LN2

EXTENT = 1.25  # of the plane, and of the grid on which divergences are counted
SIDES = {"least squares": ["answers 0", "answers 1"], "Wasserstein": ["answers less", "more"]}
ARROWS = {"color": "grad", "scale": 0.11, "label": "−∂J/∂x"}
FAKE = {"color": "b", "marker": "diamond", "size": 2.4, "label": "G(z)"}


def gan_2d_panels(values, stages):
    """All panels for these settings; stages: of a step, as slow motion shows them."""
    slow = [step(stages), about(), latent()] if values["slow"] else []
    return [*slow, plane(values), close(), losses(values["loss"]), per_mode(), divergences(),
            gan_panels.norms(1.75)]  # fmt: skip


def step(stages):
    names = [NAMES[stage] for stage in stages]
    return panels.stages("stages", "stages of a step", 12, names=names, data="stage")


def about():
    return panels.formula("about", "this stage", 8, data="about", lines=5)


def latent():
    """Where z are drawn; one of them, and what becomes of it, stands out here and in the plane."""
    layers = [
        panels.mesh("z_mesh", color="ink2"),
        panels.points("z_batch", color="ink2", size=2.2, sel="example", label="z"),
    ]
    return panels.plane("latent", "latent z: point at one", 4, aspect=1.2, extent=[-3, 3, -3, 3],
                        axes=["z₁", "z₂"], layers=layers, choose="example")  # fmt: skip


def plane(values):
    slow, own = values["slow"], values["data"] == OWN
    thread = values["latent"].startswith("1")
    of_step = [
        panels.points("real_batch", color="a", size=2.3, label="real"),
        panels.arrows("fake_batch", vectors="push_batch", **ARROWS),
        panels.points("fake_batch", sel="example", **FAKE),
    ]
    of_run = [
        panels.points("real", color="a", size=2.1, alpha=0.8, label="real", static=True),
        panels.arrows("fake", vectors="push", every=2, **ARROWS),
        panels.points("fake", **FAKE),
    ]
    layers = [
        panels.field("D", lo=0, hi=1, levels=[0.5], label="D(x)",
                     key=SIDES.get(values["loss"], ["looks fake", "looks real"])),
        panels.path("mesh", color="b", label="line", head=False)
        if thread else panels.mesh("mesh", color="b", label="grid"),
        *(of_step if slow else of_run),
        panels.points("modes", color="missed", colors=["ink2", "b"], marker="ring",
                      markers=["ring", "ringdiamond"], size=6, label="modes"),
    ]  # fmt: skip
    if own:
        layers.append(panels.points("centres", color="a", size=4, static=True))
    editing = {"drag": "centres", "add": "stroke", "remove": True, "clear": True} if own else {}
    pointing = {"choose": "example"} if slow and not own else {}
    return panels.plane(
        "plane", "D and G", 7, rowspan=2, aspect=1, axes=["x₁", "x₂"],
        extent=[-EXTENT, EXTENT, -EXTENT, EXTENT], layers=layers, toggles=True, **editing,
        **pointing,
    )  # fmt: skip


def close():
    items = [
        {"data": "covered", "label": "modes covered (missed: ◇)", "max": "count", "of": "count",
         "digits": 0, "color": "a"},
        {"data": "quality", "label": "G(z) within 3 std of a mode", "max": 1, "percent": True,
         "color": "a"},
        {"data": "js", "label": "Jensen–Shannon divergence", "max": LN2, "digits": 3,
         "of": "ln 2", "color": "ink"},
    ]  # fmt: skip
    return panels.bars("close", "how close G has come", 5, items=items, height=140)


def losses(loss):
    """With J_D of the best discriminator, where there is one."""
    best = panels.line("J_best", "best D", color="ink2", smooth=0.8)
    return gan_panels.losses(loss, 5, 1.5, [best] * (loss != "Wasserstein"))


def per_mode():
    return panels.histogram(
        "modes", "G(z) at each mode, of what is due", 4, data="due", rows=["G(z)"], colors=["b"],
        level={"y": 1, "label": "due"}, aspect=1.75,
    )  # fmt: skip


def divergences():
    series = [
        panels.line("kl_pq", "p‖q", color="s1", smooth=0.6),
        panels.line("kl_qp", "q‖p", color="s3", dash=True, smooth=0.6),
        panels.line("js", "JS", color="ink", smooth=0.6),
    ]
    return panels.lines("divergences", "KL (floor 10⁻⁴) and JS", 4, over="step", lo=0,
                        series=series, aspect=1.75)  # fmt: skip
