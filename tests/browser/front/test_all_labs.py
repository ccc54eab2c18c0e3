"""What holds for every lab: it fits its page, axe finds nothing, all its cases can be played."""

import pytest

from dlcore.labs import LABS

WIDTHS = [772, 390, 320]
EXTREMES = {  # values with which a lab's panels have least, and most, to show
    "char-rnn": [{"text": "", "hidden": 2}, {"text": "w" * 15, "hidden": 128}],
    "cnn": [{"n": 200, "kernels_1": 2, "kernels_2": 3}, {"pooling": "none", "size": 5}],
    "convolution": [
        {"size": 5, "padding": 2, "stride": 2, "activation": "tanh"},
        {"size": 2, "padding": 2},
    ],
    "curve-fit": [{"units": 1}, {"units": 24}],
    "five": [{"budget": 1000, "n": 200}],
    "forecast": [{"case": "El Niño"}, {"case": "bikes"}],
    "gan-2d": [{"data": "line"}, {"slow": True, "k": 2, "latent": "1-D normal"}],
    "gates": [{"length": 8, "hidden": 1}, {"length": 40, "hidden": 8}],
    "gradient-flow": [{"length": 5, "hidden": 2}, {"length": 100, "hidden": 12}],
    "long-memory": [{"length": 4, "hidden": 2}, {"length": 150, "hidden": 24}],
    "pooling": [{"size": 3, "stride": 1}, {"size": 4, "stride": 4}],
}
CHOSEN = {  # what a reader has chosen, (selection, which)
    "char-rnn": ("unit", 2),
    "curve-fit": ("unit", 2),
    "five": ("net", 2),
    "forecast": ("k", 2),
    "gates": ("tick", 20),
    "gradient-flow": ("tick", 20),
    "long-memory": ("tick", 5),
}
WITH_CASES = [name for name, lab in LABS.items() if "case" in lab.controls]
every_extreme = [(name, values) for name in LABS for values in EXTREMES.get(name, [{}])]


def after_some_steps(lab, steps=2):
    lab.ticks(steps, 1)
    if lab.session.lab.name in CHOSEN:
        selection, which = CHOSEN[lab.session.lab.name]
        lab.lab(f"lab.selections.pin({selection!r}, {which})")
    lab.settle()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("name", "values"), every_extreme, ids=str)
def test_it_fits_its_page(python_lab, name, values, width):
    lab = python_lab(name, width=width, values=values)
    after_some_steps(lab)
    assert lab.evaluate("document.documentElement.scrollWidth") == width
    for canvas in lab.root.locator("[data-panel] canvas").all():
        panel = canvas.evaluate("canvas => canvas.closest('[data-panel]').dataset.panel")
        assert not canvas.is_visible() or lab.pixels(panel) > 1, panel


@pytest.mark.parametrize("dark", ["", "1"], ids=["light", "dark"])
@pytest.mark.parametrize("name", LABS)
def test_axe_finds_nothing_with_everything_open(python_lab, name, dark):
    lab = python_lab(name, dark=dark, height=1400, values=EXTREMES.get(name, [{}])[0])
    after_some_steps(lab)
    lab.evaluate("for (const n of document.querySelectorAll('.dl summary')) n.click()")
    for text in ("Audit", "Copy as code"):
        if lab.button(text).count():
            lab.button(text).click()
    lab.settle()
    assert lab.violations() == []


@pytest.mark.parametrize("name", WITH_CASES)
def test_every_case_can_be_chosen_while_it_plays(python_lab, name):
    lab = python_lab(name)
    lab.lab("lab.setPlaying(true)")
    for case in LABS[name].controls["case"].options:
        lab.control("case").select_option(case)
        lab.until(f"lab.values.case === {case!r}")
    lab.lab("lab.setPlaying(false)")  # a run that is lost has stopped by itself
    lab.settle()
    assert lab.data("state") in ("live", "diverged")
