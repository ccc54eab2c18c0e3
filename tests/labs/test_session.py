"""The protocol between a front end and a lab: who says what, and that nothing can break it."""

import json
import time
from typing import ClassVar

import numpy as np
import pytest

from dlcore.labs import LABS, Session
from dlcore.labs.base import RECENT, Lab
from dlcore.labs.controls import Slider


def test_open_answers_with_the_setup_and_the_first_frame(talk):
    (setup, static), (frame, arrays) = talk(seed=3, values={"alpha": 0.1}).ask("open")
    assert (setup["type"], frame["type"]) == ("setup", "frame")
    assert setup["lab"].keys() == {"name", "title", "hint", "controls", "panels", "speed"}
    assert setup["lab"]["title"].endswith("?")
    assert (setup["seed"], setup["values"]["alpha"]) == (3, 0.1)
    assert setup["lab"]["controls"]["alpha"]["value"] == 0.1
    assert setup["lab"]["controls"]["alpha"]["default"] == 0.03
    assert [h["name"] for h in setup["arrays"]] == ["x", "y", "x_test", "y_test"]
    assert (frame["step"], frame["done"], frame["state"]) == (0, 0, "live")
    for content, buffers in ((setup, static), (frame, arrays)):
        assert json.loads(json.dumps(content))
        assert [h["shape"] for h in content["arrays"]] == [list(b.shape) for b in buffers]
        assert {h["dtype"] for h in content["arrays"]} == {"f4"}
        assert {b.dtype.str for b in buffers} == {"<f4"}


def test_answers_repeat_the_id_of_the_question(talk):
    session = talk()
    for k, message in enumerate(
        [
            {"cmd": "open"},
            {"cmd": "set", "name": "data", "value": "xor"},
            {"cmd": "set", "name": "data", "value": 0},
            {"cmd": "audit"},
            {"cmd": "?"},
        ]
    ):
        assert {c["re"] for c in session.contents(**message, id=k)} == {k}
    assert "re" not in session.contents("tick")[0]


def test_a_tick_makes_the_steps_it_is_asked_for(talk):
    session = talk()
    session.ask("open")
    frames = [session.contents("tick", steps=8, budget_ms=500)[0] for _ in range(3)]
    assert [f["step"] for f in frames] == [8, 16, 24]
    assert {f["done"] for f in frames} == {8}
    assert all(f["ms"] > 0 for f in frames)


def test_a_tick_stops_when_its_budget_is_over_but_makes_one_step(talk):
    session = talk()
    session.ask("open")
    began = time.perf_counter()
    (frame,) = session.contents("tick", steps=100_000, budget_ms=40)
    assert time.perf_counter() - began < 0.5
    assert 1 <= frame["done"] < 100_000
    assert session.contents("tick", steps=100, budget_ms=0)[0]["done"] == 1
    assert session.contents("tick", steps=-5, budget_ms=-1)[0]["done"] == 1


def test_set_answers_with_a_frame_or_with_a_new_setup(talk):
    session = talk()
    session.ask("open")
    session.ask("tick", steps=4, budget_ms=1000)
    assert session.types("set", name="alpha", value=0.1) == ["frame"]
    assert session.types("set", name="layers", value=2) == ["frame"]
    assert session.types("set", name="layers", value=3) == ["setup", "frame"]
    setup, frame = session.contents("set", name="layers", value=0)
    assert frame["step"] == 0
    assert setup["lab"]["panels"][0]["sizes"] == [2, 1]


def test_seed_and_reset_begin_a_new_run(talk):
    session = talk()
    session.ask("open")
    session.ask("tick", steps=4, budget_ms=1000)
    setup, frame = session.contents("seed", value=7)
    assert (setup["seed"], frame["step"]) == (7, 0)
    session.ask("tick", steps=4, budget_ms=1000)
    assert session.types("reset") == ["setup", "frame"]
    assert session.session.lab.seed == 7


def test_an_event_sends_new_static_arrays_and_a_frame_of_the_same_step(talk):
    session = talk()
    session.ask("open")
    session.ask("tick", steps=4, budget_ms=1000)
    (static, arrays), (frame, _) = session.ask(
        "event", name="drag", what={"index": 2, "x": 1, "y": 0}
    )
    assert (static["type"], frame["type"], frame["step"]) == ("static", "frame", 4)
    np.testing.assert_array_equal(arrays[0][2], [1, 0])


def test_audit_and_code(talk):
    session = talk()
    (audit,) = session.contents("audit")
    assert audit.keys() == {"type", "columns", "rows", "text"}
    assert json.loads(json.dumps(audit))
    (code,) = session.contents("code")
    assert code.keys() == {"type", "dlcore", "torch"}


WILD = {
    "mlp": {"activation": "identity", "optimizer": "sgd", "alpha": 3},
    "curve-fit": {"case": "too large a rate"},
    "neuron": {"activation": "identity", "alpha": 2},
    "descent": {"alpha": 0.4, "adam": False},
    "backprop-step": {"activation": "identity", "alpha": 1.5},
}


@pytest.mark.parametrize("name", WILD)
def test_a_tick_in_which_a_run_diverges_shows_every_step_on_the_way_there(talk, name):
    session, slow = talk(name, values=WILD[name]), talk(name, values=WILD[name])
    session.ask("open")
    answers = session.ask("tick", steps=60, budget_ms=900)
    *way, end = [content for content, _ in answers]
    assert [frame["step"] for frame in way] == list(range(1, end["step"]))
    assert end["step"] >= 2
    assert all(frame["state"] == "live" and frame["more"] for frame in way)
    assert [frame["done"] for frame in (*way, end)] == [1] * end["step"]
    assert (end["state"], end["doctor"][0]["name"]) == ("diverged", "diverged")
    assert f"{end['step']}" in end["text"]
    assert "more" not in end
    slow.ask("open")  # the same as if the reader had asked for each of them
    for content, buffers in answers:
        ((alone, asked),) = slow.ask("tick", steps=1)
        assert (alone["text"] == content["text"]) == (content is not end)
        assert alone["step"] == content["step"]
        for found, expected in zip(buffers, asked, strict=True):
            np.testing.assert_array_equal(found, expected)


def test_of_a_long_tick_the_last_steps_are_shown(talk):
    values = {"surface": "bowl", "alpha": 2.05, "momentum": False, "adam": False}
    session = talk("descent", values=values)
    session.ask("open")
    *way, end = session.contents("tick", steps=1000, budget_ms=900)
    assert len(way) == RECENT - 1
    assert (way[-1]["step"], end["state"]) == (end["step"] - 1, "diverged")
    assert way[-1]["text"].startswith(f"Step {end['step'] - 1}: SGD is ahead")


def test_a_diverged_run_says_so_and_reset_brings_it_back(talk):
    session = talk(values=WILD["mlp"])
    session.ask("open")
    *_, frame = session.contents("tick", steps=50, budget_ms=500)
    assert frame["state"] == "diverged"
    (again,) = session.contents("tick", steps=8)
    assert (again["state"], again["step"], again["done"]) == ("diverged", frame["step"], 0)
    assert session.contents("reset")[1]["state"] == "live"


REFUSED = [
    ({"cmd": "set", "name": "alpha", "value": 99}, "learning rate α: expected a number from"),
    ({"cmd": "set", "name": "alpha"}, "learning rate α: expected a number from"),
    ({"cmd": "set"}, "mlp: there is no control called None"),
    ({"cmd": "set", "name": ["alpha"], "value": 1}, "mlp: there is no control called ['alpha']"),
    ({"cmd": "seed", "value": "x"}, "seed: expected a whole number"),
    ({"cmd": "seed"}, "seed: expected a whole number"),
    ({"cmd": "tick", "steps": "many"}, "expected steps to be a number, got 'many'"),
    ({"cmd": "tick", "budget_ms": None}, "expected budget_ms to be a number, got None"),
    ({"cmd": "event", "name": "drag"}, "index: expected a point, 0 to 209, got None"),
    ({"cmd": "event", "name": "drag", "what": 3}, "expected what to be an object, got 3"),
    ({"cmd": "event", "name": "drag", "what": {1: 2}}, "expected what to be an object"),
    ({"cmd": "event", "name": "drag", "what": {"name": 2}}, "index: expected a point"),
    ({"cmd": "event"}, "mlp: there is no event called None"),
    ({"cmd": "fly"}, "expected cmd to be one of open, tick, set"),
    ({"cmd": ["open"]}, "expected cmd to be one of open, tick, set"),
    ({}, "expected cmd to be one of open, tick, set"),
    ("open", "expected a message with a cmd, got 'open'"),
    (None, "expected a message with a cmd, got None"),
    ([], "expected a message with a cmd, got []"),
]


@pytest.mark.parametrize(("message", "line"), REFUSED, ids=str)
def test_malformed_messages_get_one_clear_line_and_nothing_is_lost(message, line, talk):
    session = talk()
    session.ask("open")
    session.ask("tick", steps=4, budget_ms=1000)
    session.said.clear()
    session.session.handle(message)
    ((refused, buffers),) = session.said
    assert refused["type"] == "refused"
    assert refused["message"].startswith(line)
    assert "\n" not in refused["message"]
    assert refused["values"] == session.session.lab.values
    assert buffers == []
    assert session.contents("tick")[0]["step"] == 5


def test_values_from_an_address_are_taken_where_they_make_sense(talk):
    values = {"alpha": "0.1", "x2": "false", "layers": 99, "colour": "red"}
    (setup, frame, *refused) = talk(seed="7", values=values).contents("open")
    assert (setup["seed"], setup["values"]["alpha"], setup["values"]["x2"]) == (7, 0.1, False)
    assert setup["values"]["layers"] == 2
    assert frame["step"] == 0
    assert [r["message"].split(":")[0] for r in refused] == ["hidden layers", "mlp"]


@pytest.mark.parametrize(
    "given",
    [
        {"seed": "abc"},
        {"seed": None},
        {"values": 3},
        {"values": {"seed": 1}},
        {"values": {"self": 1}},
    ],
)
def test_an_address_that_makes_no_sense_gives_the_default_lab(given, talk):
    assert talk(**given).types("open")[:2] == ["setup", "frame"]


def test_features_from_an_address_may_replace_the_default_ones(talk):
    values = {"x1": False, "x2": False, "sin_x1": True}
    setup, *others = talk(values=values).contents("open")
    assert {name: setup["values"][name] for name in values} == values
    assert [c["type"] for c in others] == ["frame"]


def test_a_lab_that_does_not_exist_is_refused(talk):
    (answer,) = talk("cnm").contents("open")
    assert answer["message"] == f"no lab is called 'cnm'; there are {', '.join(LABS)}"


def test_a_command_before_open_makes_the_lab(talk):
    assert talk().types("tick") == ["frame"]


def test_an_unexpected_error_is_one_line_and_the_lab_lives_on(talk, monkeypatch):
    session = talk()
    session.ask("open")

    def broken():
        raise RuntimeError("the disc\nis full")

    with monkeypatch.context() as patch:
        patch.setattr(session.session.lab, "update", broken)
        (failed,) = session.contents("tick")
    assert failed == {"type": "failed", "message": "RuntimeError: the disc is full"}
    assert session.contents("tick")[0]["step"] == 1


def test_values_set_together_need_only_be_possible_together(talk):
    session = talk()
    session.ask("open")
    session.ask("tick", steps=4, budget_ms=1000)
    together = {"x1": False, "x2": False, "x1_sq": True, "alpha": 0.1}
    setup, frame = session.contents("set", values=together)
    assert {name: setup["values"][name] for name in together} == together
    assert frame["step"] == 0


def test_of_values_set_together_none_is_taken_when_one_is_refused(talk):
    session = talk()
    session.ask("open")
    before = dict(session.session.lab.values)
    for values in ({"alpha": 0.1, "layers": 99}, {"x1": False, "x2": False}, {"alpha": 1, 3: 4}, 7):
        assert session.types("set", values=values) == ["refused"]
        assert session.session.lab.values == before


def test_the_answer_to_a_set_says_all_values(talk):
    session = talk()
    session.ask("open")
    (frame,) = session.contents("set", name="alpha", value=0.1)
    assert frame["settings"] == session.session.lab.values
    assert frame["settings"]["alpha"] == 0.1
    assert "settings" not in session.contents("tick")[0]


def test_what_is_refused_carries_the_seed_that_is(talk):
    session = talk(seed=7)
    session.ask("open")
    (refused,) = session.contents("seed", value=2**32)
    assert (refused["type"], refused["seed"]) == ("refused", 7)


def test_features_from_an_address_are_taken_beside_a_value_that_is_refused(talk):
    values = {"x1": False, "x2": False, "x1_sq": True, "layers": 99}
    setup, _, refused = talk(values=values).contents("open")
    assert [setup["values"][name] for name in ("x1", "x2", "x1_sq")] == [False, False, True]
    assert refused["message"].startswith("hidden layers")


def test_a_number_that_cannot_be_printed_is_refused_in_one_line(talk):
    session = talk()
    session.ask("open")
    (refused,) = session.contents("set", name="alpha", value=10**5000)
    assert refused["type"] == "refused"
    assert refused["message"].endswith("got a value of type int that cannot be printed")


@pytest.mark.parametrize("message", [{"cmd": "open"}, {"cmd": "set", "name": 3}, None, 7, "tick"])
def test_a_session_does_not_raise_when_what_it_says_cannot_be_sent(message):
    def broken(content, buffers):
        raise OSError("the line is cut")

    Session("mlp", broken).handle(message)


class Unsound(Lab):
    """A lab whose first numbers are finite only where the value `size` is small."""

    name = "unsound"
    controls: ClassVar = {"size": Slider(9, 1, 9, "size", step=1, restarts=True)}

    def start(self):
        pass

    def measure(self):
        a = np.ones(self.values["size"], np.float32)
        return {"a": a * np.float32("inf") if len(a) > 5 else a, "words": ["one"]}

    def keep(self):
        return None

    def recall(self, kept):
        assert kept is None

    def static(self):
        return {}

    def panels(self):
        return []

    def text(self):
        return f"all is well at step {self.t}"

    def update(self):
        return True


def test_a_run_that_begins_without_finite_numbers_says_so_and_shows_zeros(talk, monkeypatch):
    monkeypatch.setitem(LABS, "unsound", Unsound)
    session = talk("unsound")
    (_, _), (frame, (a,)) = session.ask("open")
    assert (frame["state"], frame["step"]) == ("diverged", 0)
    assert "initial numbers are not finite" in frame["text"]
    assert frame["doctor"][0]["level"] == "bad"
    np.testing.assert_array_equal(a, np.zeros(9))
    _, (frame, (a,)) = session.ask("set", name="size", value=2)
    assert (frame["state"], frame["text"], len(a)) == ("live", "all is well at step 0", 2)
    _, (frame, (a,)) = session.ask("set", name="size", value=7)
    assert (frame["state"], len(a)) == ("diverged", 7), "not the frame of the run before"


@pytest.mark.parametrize(
    ("name", "speed", "pace"), [("mlp", "8", None), ("gates", "1", None), ("unroll", "1", 1600)]
)
def test_the_setup_says_how_fast_it_is_played_at_first(talk, name, speed, pace):
    lab = talk(name).contents("open")[0]["lab"]
    assert (lab["speed"], lab.get("pace")) == (speed, pace)
