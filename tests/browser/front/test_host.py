"""The widget in Python: traits that compose with ipywidgets, and what a saved notebook shows."""

import html
import json
import re

import pytest

import dlcore
from dlcore.labs import LabError
from dlcore.widgets.host import LabWidget


@pytest.fixture
def widget():
    one = dlcore.lab("mlp", seed=3, alpha=0.1)
    one.sent = []
    one.send = lambda content, buffers=None: one.sent.append((content, buffers))
    yield one
    one.close()


def tell(widget, **message):
    widget._on_message(widget, message, [])
    return widget.sent


def test_it_opens_with_its_seed_and_values(widget):
    (setup, _), (frame, buffers) = tell(widget, cmd="open", id="v.1.open")
    assert (setup["type"], setup["seed"], setup["values"]["alpha"]) == ("setup", 3, 0.1)
    assert frame["type"] == "frame"
    needed = [a for a in frame["arrays"] if "value" not in a]
    assert len(buffers) == len(needed)
    for header, buffer in zip(needed, buffers, strict=True):
        count = 1
        for n in header["shape"]:
            count *= n
        assert memoryview(buffer).nbytes == 4 * count


def test_empty_arrays_travel(widget):
    tell(widget, cmd="set", name="data", value="own")
    setup = next(c for c, _ in widget.sent if c["type"] == "setup")
    assert next(a for a in setup["arrays"] if a["name"] == "x")["shape"] == [0, 2]


def test_a_control_moved_in_the_front_end_moves_the_trait(widget):
    seen = []
    widget.observe(lambda change: seen.append(change.new["alpha"]), "values")
    tell(widget, cmd="set", name="alpha", value=0.5)
    assert widget.values["alpha"] == 0.5
    assert seen == [0.5]


def test_values_set_in_python_move_the_lab(widget):
    tell(widget, cmd="open")
    widget.sent.clear()
    widget.values = {**widget.values, "layers": 3, "alpha": 1.0}
    assert [c["type"] for c, _ in widget.sent] == ["setup", "frame", "frame"] or "setup" in [
        c["type"] for c, _ in widget.sent
    ]
    assert widget._session.lab.values["layers"] == 3
    assert widget._session.lab.values["alpha"] == 1.0


def test_the_seed_is_a_trait_too(widget):
    widget.seed = 11
    assert widget._session.lab.seed == 11


def test_what_is_refused_is_one_line_and_changes_nothing(widget):
    before = dict(widget.values)
    with pytest.raises(LabError, match=r"alpha|learning rate") as refused:
        widget.values = {**widget.values, "alpha": -1}
    assert "\n" not in str(refused.value)
    assert widget.values == before


@pytest.mark.parametrize(
    ("make", "line"),
    [
        (lambda: dlcore.lab("mpl"), "lab: expected one of .*mlp.*, got 'mpl'"),
        (lambda: dlcore.lab("mlp", alhpa=1), "mlp: expected a control among alpha, .*got 'alhpa'"),
        (lambda: dlcore.lab("mlp", alpha=-1), "learning rate"),
        (lambda: dlcore.lab("mlp", seed=-1), "seed"),
    ],
)
def test_a_wrong_name_or_value_is_one_clear_line(make, line):
    with pytest.raises(ValueError, match=line) as refused:
        make()
    assert "\n" not in str(refused.value)


def test_the_page_finds_its_place_in_the_html(widget):
    bundle, _ = widget._repr_mimebundle_()
    found = re.fullmatch(
        r'<div class="dlcore-lab" data-name="mlp" data-seed="3" data-values="([^"]*)">'
        r'<p class="dlcore-lab-fallback">.+</p></div>',
        bundle["text/html"],
    )
    assert json.loads(html.unescape(found[1])) == {"alpha": 0.1}
    assert bundle["text/plain"] == "LabWidget('mlp', seed=3, alpha=0.1)"
    assert "application/vnd.jupyter.widget-view+json" in bundle


def test_a_failing_lab_does_not_break_the_widget(widget):
    tell(widget, cmd="tick", steps="many")
    assert widget.sent[-1][0]["type"] == "refused"
    tell(widget, cmd="nothing")
    assert widget.sent[-1][0]["type"] == "refused"
    assert isinstance(widget, LabWidget)


@pytest.mark.parametrize(
    "values",
    [{"foo": 1}, {"alpha": -1}, {"alpha": 0.5, "layers": 99}, {"x1": False, "x2": False}],
    ids=str,
)
@pytest.mark.parametrize("opened", [True, False])
def test_after_a_refusal_the_trait_shows_the_values_of_the_lab(widget, values, opened):
    if opened:
        tell(widget, cmd="open")
    before = dict(widget.values)
    with pytest.raises(LabError):
        widget.values = {**before, **values}
    assert widget.values == before
    assert repr(widget) == "LabWidget('mlp', seed=3, alpha=0.1)"


def test_values_that_are_left_out_stay_as_they_are(widget):
    before = dict(widget.values)
    widget.values = {}
    assert widget.values == before
    widget.values = {"alpha": 1.0}
    assert widget.values == {**before, "alpha": 1.0}


def test_values_set_together_need_only_be_possible_together(widget):
    together = {"x1": False, "x2": False, "x1_sq": True}
    widget.values = {**widget.values, **together}
    assert {name: widget._session.lab.values[name] for name in together} == together
