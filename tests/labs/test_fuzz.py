"""Whatever a reader does, in whatever order, a lab stays whole.

`MOVES=20 pytest --timeout=0 tests/labs/test_fuzz.py` plays twenty times as many moves, each time
others; `--hypothesis-seed=1` makes them the same again.
"""

import os

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dlcore.gradcheck import gradcheck
from dlcore.labs import LABS, LabError, Session, audit
from dlcore.labs.controls import Choice, Slider, Text

NONSENSE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.just([]),
    st.just({}), st.just(10**400),
)  # fmt: skip
NUMBER = st.floats(-3, 3)
# A lab whose frames take long has so many times fewer examples.
SLOW = {
    "cnn": 2,
    "char-rnn": 3,
    "speech": 3,
    "forecast": 3,
    "gates": 2,
    "long-memory": 5,
    "gan-2d": 2,
    "gan-digits": 5,
    "style": 6,
    "five": 10,
}
MOVES = int(os.environ.get("MOVES", "1"))
REPEATABLE = {
    "deadline": None,
    "derandomize": MOVES == 1,
    "database": None,
    "suppress_health_check": list(HealthCheck),
}


@pytest.fixture(autouse=True)
def short_audits(monkeypatch):
    """Of each array a place or two: whether gradients agree is asked by the tests of each lab."""

    def few(*given, **how):
        return gradcheck(*given, **how | {"most": 2})

    monkeypatch.setattr(audit, "gradcheck", few)


def values_of(control):
    """Mostly what the control accepts, sometimes anything."""
    if isinstance(control, Slider):
        good = st.floats(control.lo, control.hi) | st.sampled_from([control.lo, control.hi])
    elif isinstance(control, Choice):
        good = st.sampled_from(control.options)
    elif isinstance(control, Text):
        good = st.text(max_size=40) | st.sampled_from([control.value, "a " * (control.most // 2)])
    else:
        good = st.booleans()
    return good | good | good | NONSENSE


def moves_of(lab):
    """What readers may do with labs of this class."""
    controls = [
        st.tuples(st.just("set"), st.just(name), values_of(control))
        for name, control in lab.controls.items()
    ]
    digit = st.integers(-1, 10) | NONSENSE
    what = st.fixed_dictionaries(
        {}, optional={"index": st.integers(-1, 40) | NONSENSE, "x": NUMBER | NONSENSE, "y": NUMBER,
                      "truth": digit, "said": digit, "shot": digit,
                      "net": digit, "kind": digit,
                      "symbol": st.sampled_from("Ab?·(R") | NONSENSE,
                      "values": st.just([0.5] * 64) | NONSENSE}
    )  # fmt: skip
    cell = st.fixed_dictionaries(
        {"row": st.integers(-1, 6) | NONSENSE, "column": st.integers(0, 5)}
    )
    known = ["drag", "add", "remove", "clear", "draw", "select", "rates", "weights", "fly",
             "start", "knot"]  # fmt: skip
    names = st.sampled_from([*known, "x", "W_hh", "symbol"]) | NONSENSE
    events = st.tuples(st.just("event"), names, what | cell)
    runs = st.tuples(st.just("steps"), st.integers(1, 12))
    rest = st.sampled_from([("reset",), ("audit",), ("code",)]) | st.tuples(
        st.just("seed"), st.integers(0, 5) | NONSENSE
    )
    return st.lists(st.one_of(*controls, events, events, runs, runs, runs, rest), max_size=60)


def act(lab, kind, *what):
    if kind == "set":
        lab.set(*what)
    elif kind == "event":
        lab.event(what[0], **what[1])
    elif kind == "steps":
        for _ in range(what[0]):
            lab.step()
    elif kind == "seed":
        lab.reseed(*what)
    else:
        getattr(lab, kind)()


def attempt(lab, *move):
    """The line with which the lab refuses the move, or None. Any other exception is a failure."""
    try:
        act(lab, *move)
    except LabError as refused:
        return str(refused)
    return None


def check_invariants(lab, arrays):
    assert lab.values.keys() == lab.controls.keys()
    assert all(lab.controls[name].check(v) == v for name, v in lab.values.items())
    if lab.name == "mlp":
        assert len(arrays["x"]) == len(arrays["y"])
    assert lab.t >= 0
    assert isinstance(lab.text(), str)
    assert all(f.keys() == {"name", "text", "advice", "level"} for f in lab.doctor())


@pytest.mark.parametrize("name", LABS)
def test_any_moves_leave_a_sound_lab(name, assert_sound):
    @settings(max_examples=MOVES * 60 // SLOW.get(name, 1), **REPEATABLE)
    @given(moves_of(LABS[name]))
    def play(moves):
        lab = LABS[name]()
        for move in moves:
            before = dict(lab.values), lab.t
            refused = attempt(lab, *move)
            if refused:
                assert "\n" not in refused
                assert (lab.values, lab.t) == before
            check_invariants(lab, assert_sound(lab))

    play()


@pytest.mark.parametrize("name", LABS)
def test_any_moves_can_be_repeated_exactly_and_looking_changes_nothing(name):
    @settings(max_examples=MOVES * 15 // SLOW.get(name, 1), **REPEATABLE)
    @given(moves_of(LABS[name]))
    def play(moves):
        lab, other = LABS[name](seed=1), LABS[name](seed=1)
        for move in moves:
            attempt(lab, *move)
            if move[0] not in ("audit", "code"):
                attempt(other, *move)
        first, second = lab.frame(), other.frame()
        assert lab.values == other.values
        for array in first:
            np.testing.assert_array_equal(first[array], second[array])

    play()


MESSAGE = st.fixed_dictionaries(
    {"cmd": st.sampled_from(["open", "tick", "set", "seed", "reset", "event", "audit", "code"])},
    optional={
        "id": NONSENSE,
        "name": st.sampled_from(["alpha", "data", "layers", "drag", "add", "x1", "draw", "case"])
        | NONSENSE,
        "value": st.sampled_from([0.1, 3, "own", "xor", False]) | NONSENSE,
        "values": st.dictionaries(
            st.sampled_from(["alpha", "data", "layers", "x1", "x2", "fly"]),
            st.sampled_from([0.1, 3, "own", "xor", False]) | NONSENSE,
        )
        | NONSENSE,
        "steps": st.integers(-2, 9) | NONSENSE,
        "budget_ms": st.integers(-2, 9) | NONSENSE,
        "what": st.dictionaries(st.sampled_from(["index", "x", "y"]), NUMBER) | NONSENSE,
        "seed": NONSENSE,
    },
)
KNOWN = {"setup", "static", "frame", "refused", "audit", "code"}


@pytest.mark.parametrize("name", LABS)
def test_a_session_answers_every_message_and_never_fails(name):
    @settings(max_examples=MOVES * 80 // SLOW.get(name, 1), **REPEATABLE)
    @given(st.lists(MESSAGE | NONSENSE, max_size=25))
    def talk(messages):
        said = []
        session = Session(name, lambda content, buffers: said.append((content, buffers)))
        for message in messages:
            said.clear()
            session.handle(message)
            assert said
            for content, buffers in said:
                assert content["type"] in KNOWN
                assert all(np.isfinite(b).all() for b in buffers)

    talk()
