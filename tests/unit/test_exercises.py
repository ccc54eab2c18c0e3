"""Exercises: what is right passes, a known mistake gets its own answer, and nothing a reader writes
gets out of `check`."""

import html
import json
import math
import re
from pathlib import Path

import numpy as np
import pytest
from IPython.core.formatters import DisplayFormatter

import dlcore as dl
from dlcore.exercises import EXERCISES, Exercise, check, hint, hints
from dlcore.exercises.judge import judge
from dlcore.exercises.result import CHECK

CHAPTERS = Path(__file__).parents[2] / "chapters"
RED = "#d55e00"
ALL = list(EXERCISES.values())
MISTAKES = [
    pytest.param(exercise, message, function, id=f"{exercise.name}-{number}-{way}")
    for exercise in ALL
    for number, (message, *functions) in enumerate(exercise.mistakes)
    for way, function in enumerate(functions)
]


@pytest.fixture(params=ALL, ids=lambda exercise: exercise.name)
def exercise(request):
    return request.param


def run(source):
    """The names that a cell defines."""
    names = {"np": np, "dl": dl, "check": lambda *_: None}
    exec(source, names)
    return names


# ------------------------------------------------------------------- right, not yet, and wrong


def test_the_reference_passes(exercise):
    result = check(exercise.name, exercise.reference)
    assert result.ok, result
    assert result.state == "passed"


def test_the_stub_is_not_wrong_but_unfinished(exercise):
    stub = run(exercise.stub)[exercise.reference.__name__]
    result = check(exercise.name, stub)
    assert (result.ok, result.state) == (False, "not yet")
    assert RED not in result._repr_html_()


@pytest.mark.parametrize("value", [..., None])
def test_nothing_at_all_is_not_yet(exercise, value):
    assert check(exercise.name, value).state == "not yet"
    assert check(exercise.name, lambda *args: value).state == "not yet"


def test_not_implemented_is_not_yet(exercise):
    def answer(*args):
        raise NotImplementedError

    assert check(exercise.name, answer).state == "not yet"


@pytest.mark.parametrize(("exercise", "message", "function"), MISTAKES)
def test_a_known_mistake_gets_its_own_answer_and_no_other(exercise, message, function):
    result = check(exercise.name, function)
    assert result.state == "wrong"
    assert result.message.startswith(message)
    others = [other for other, *_ in exercise.mistakes if other != message]
    assert not any(other in result.message for other in others)


def test_there_are_mistakes_hints_and_a_stub(exercise):
    messages = [message for message, *_ in exercise.mistakes]
    assert len(set(messages)) == len(messages) >= 3
    assert len(hints(exercise.name)) == 2
    assert all(len(text) > 40 and text == hint(exercise.name, n + 1)
               for n, text in enumerate(hints(exercise.name)))  # fmt: skip
    shown = repr(hint(exercise.name, 1))
    assert shown.split() == exercise.hints[0].split()
    assert max(len(line) for line in shown.splitlines()) <= 76


def test_there_are_enough():
    for chapter, enough in (("ann", 8), ("cnn", 7), ("rnn", 7), ("lstm", 8), ("gan", 8)):
        assert len([e for e in ALL if e.name.startswith(f"{chapter}.")]) >= enough
    assert all(name == e.name for name, e in EXERCISES.items())


# ------------------------------------------------------- the references are what dlcore computes


def cases(name):
    return EXERCISES[f"ann.{name}"].draw()


def network(W1, b1, W2, b2):
    net = dl.mlp([W1.shape[1], *W1.shape[:1], len(W2)], dl.Tanh, rng=np.random.default_rng(0))
    net = net.astype(np.float64)
    for name, value in zip(net.params, (W1, b1, W2, b2), strict=True):
        net.params[name] = value
    return net


def reference(name, args):
    return EXERCISES[f"ann.{name}"].reference(*args)


def test_feedforward_is_dlcore():
    for x, *weights in cases("feedforward"):
        assert np.allclose(
            reference("feedforward", (x, *weights)), dl.sigmoid(network(*weights)(x))
        )


def test_gradient_is_dlcore(rng):
    for dz, a_prev in cases("gradient"):
        layer = dl.Dense(a_prev.shape[1], dz.shape[1], rng=rng, dtype=np.float64)
        _, grads = layer.backward(dz / len(dz), a_prev)
        assert np.allclose(reference("gradient", (dz, a_prev)), grads["W"])


def test_update_is_dlcore():
    for W, dW, alpha in cases("update"):
        live = {"W": W.copy()}
        dl.SGD(alpha).step(live, {"W": dW})
        assert np.allclose(reference("update", (W, dW, alpha)), live["W"])


def test_slope_is_dlcore():
    for (a,) in cases("slope"):
        assert np.allclose(reference("slope", (a,)), dl.Sigmoid().slope(None, a))


def test_first_std_is_dlcore(rng):
    he, glorot = reference("first_std", (300, 500))
    assert np.std(dl.init.he((500, 300), rng=rng)) == pytest.approx(he, rel=0.01)
    assert np.std(dl.init.glorot((500, 300), rng=rng)) == pytest.approx(glorot, rel=0.01)


def test_softmax_and_cross_entropy_are_dlcore():
    for (z,) in cases("softmax"):
        assert np.allclose(reference("softmax", (z,)), dl.softmax(z))
    for z, y in cases("cross_entropy"):
        J, dz = reference("cross_entropy", (z, y))
        expected = dl.cross_entropy(z, y)
        assert np.isclose(J, expected[0])
        assert np.allclose(dz, expected[1])


def test_momentum_is_dlcore():
    W, _, dW, alpha, beta = cases("momentum")[0]
    live, opt, v = {"W": W.copy()}, dl.Momentum(alpha, beta), np.zeros_like(W)
    for _ in range(3):
        opt.step(live, {"W": dW})
        W, v = reference("momentum", (W, v, dW, alpha, beta))
        assert np.allclose(W, live["W"])


def test_backward_is_dlcore_and_the_numerical_gradient_agrees():
    for x, y, *weights in cases("backward"):
        net, labels = network(*weights), y.astype(float)
        z, cache = net.forward(x)
        _, grads = net.backward(dl.bce_with_logits(z, labels)[1], cache)
        mine = reference("backward", (x, y, *weights))
        assert all(np.allclose(a, b) for a, b in zip(mine, grads.values(), strict=True))

        def J(W1, x=x, labels=labels, rest=weights[1:]):
            return dl.bce_with_logits(network(W1, *rest)(x), labels)[0]

        numeric = reference("numerical_gradient", (J, weights[0], 1e-5))
        assert np.allclose(numeric, mine[0], atol=1e-8)


# ---------------------------------------------------------------- slips that any exercise allows


def spoiled(name, change):
    """The reference with something done to its result."""

    def answer(*args):
        result = EXERCISES[name].reference(*args)
        return tuple(map(change, result)) if isinstance(result, tuple) else change(result)

    return answer


@pytest.mark.parametrize(
    ("name", "change", "said"),
    [
        ("ann.gradient", np.negative, "The sign is the wrong way round"),
        ("ann.softmax", np.transpose, "Rows and columns are exchanged"),
        ("ann.softmax", lambda a: a / len(a), "m times too small"),
        ("ann.slope", lambda a: 3 * a, "Every number is 3 times"),
        ("ann.softmax", lambda a: 0 * a, "It is zero in every case"),
        ("ann.update", lambda a: a.reshape(-1, 1), "The numbers are right, the shape is not"),
        ("ann.softmax", lambda a: a.ravel(), "The numbers are right, the shape is not"),
        ("ann.softmax", lambda a: a.tolist(), "yhat is a list"),
        ("ann.softmax", lambda a: a * np.nan, "There is nan or inf"),
        ("ann.slope", lambda a: a * np.nan, "There is nan or inf"),
        ("ann.gradient", np.sum, "It is a single number, and should be an array"),
        ("ann.momentum", lambda a: a.tolist(), "W is a list"),
        ("ann.softmax", lambda a: a + 0.5j, "should be numbers"),
        ("ann.softmax", lambda a: "0.5", "yhat should be numbers"),
        ("ann.softmax", lambda a: {"yhat": a}, "yhat should be numbers"),
        ("ann.softmax", lambda a: [[1, 2], [3]], "yhat should be numbers"),
    ],
)
def test_slips_have_names(name, change, said):
    result = check(name, spoiled(name, change))
    assert result.state == "wrong"
    assert said in result.message


def test_a_number_for_each_example():
    def answer(z, y):
        J, dz = EXERCISES["ann.cross_entropy"].reference(z, y)
        return np.full(len(z), J), dz

    result = check("ann.cross_entropy", answer)
    assert result.message == "J: It is still a number for each example: take the mean over them."


def test_a_wrong_number_is_not_taken_for_one_of_each_example():
    result = check("ann.first_std", lambda n_in, n_out: (math.sqrt(2 / n_in), n_in + 1 / n_out))
    assert result.message.startswith("glorot: not what the formula gives (he: right).")


def test_two_slips_at_once_are_both_named():
    result = check("ann.gradient", lambda dz, a_prev: -dz.T @ a_prev)
    assert result.message.startswith("Two things. You added up the examples")
    assert "The sign is the wrong way round" in result.message


def test_one_wrong_output_of_several_is_named():
    def answer(*args):
        dW1, db1, dW2, db2 = EXERCISES["ann.backward"].reference(*args)
        return dW1.T, db1, dW2, db2

    result = check("ann.backward", answer)
    assert result.message.startswith("dW1: Rows and columns")
    assert not any("db1" in line for line in result.details if "expected" in line)


def test_results_in_another_order():
    result = check("ann.momentum", lambda *a: EXERCISES["ann.momentum"].reference(*a)[::-1])
    assert "in another order: return W, v" in result.message


@pytest.mark.parametrize(("number", "named"), [(0, "W"), (1, "dW"), (2, "alpha")])
def test_an_argument_that_is_not_used_is_named(number, named):
    def answer(*args):
        constant = (np.ones_like(args[0]), np.ones_like(args[0]), 0.1)[number]
        return EXERCISES["ann.update"].reference(*args[:number], constant, *args[number + 1 :])

    assert f"does not depend on {named}," in check("ann.update", answer).message


def test_an_argument_that_does_not_matter_in_one_case_alone_is_not_called_unused():
    """In the last case of this exercise nothing comes from the future."""
    result = check("rnn.tick_back", lambda own, dz, h, W: own + W.T @ dz * (1 - h) ** 2)
    assert result.message.startswith("dz: not what the formula gives.")


def test_a_column_and_an_array_make_a_table():
    def answer(a):
        return a * (1 - a) if a.ndim != 1 else a[:, None] * (1 - a)

    assert "made a table" in check("ann.slope", answer).message


def test_fractions_cut_off():
    def answer(z):
        out = np.zeros_like(z)
        out[...] = dl.softmax(z)
        return out

    assert "Fractions are cut off" in check("ann.softmax", answer).message


def test_what_the_failing_cases_share():
    def answer(z):
        return dl.softmax(np.clip(z, -50, 50))

    message = check("ann.softmax", answer).message
    assert "1 of 6 hidden cases fail: just those with large numbers" in message
    assert 'hint("ann.softmax", 1)' in message


def test_writing_into_the_input():
    def answer(W, dW, alpha):
        W -= alpha * dW
        return W

    def silent(W, dW, alpha):
        W -= alpha * dW

    assert "writes into W: whoever calls it" in check("ann.update", answer).message
    result = check("ann.update", silent)
    assert result.state == "wrong"
    assert "writes into W and returns nothing" in result.message


def test_nudged_and_put_back_is_not_written_into():
    def answer(J, W, eps):
        if W.dtype.kind != "f":
            W = W.astype(float)
        dW = np.zeros(W.shape)
        for i in np.ndindex(W.shape):
            W[i] += eps
            above = J(W)
            W[i] -= 2 * eps
            dW[i] = (above - J(W)) / (2 * eps)
            W[i] += eps
        return dW

    assert check("ann.numerical_gradient", answer).ok


def test_printing_is_not_returning(capsys):
    result = check("ann.slope", lambda a: print(a * (1 - a)))
    assert result.state == "wrong"
    assert "prints but returns nothing" in result.message
    assert capsys.readouterr().out == ""


def test_what_was_printed_is_shown_with_the_case():
    def answer(a):
        print("the shape is", a.shape)
        return a

    assert "printed: the shape is (3,)" in check("ann.slope", answer).details


def test_a_return_on_one_way_only():
    def answer(a):
        return a * (1 - a) if a.ndim == 1 else None

    assert "returns nothing (None) here" in check("ann.slope", answer).message


# ------------------------------------------------------------------------------ robustness


def test_single_precision_and_numbers_of_any_kind_pass(exercise):
    lower = spoiled(exercise.name, lambda a: np.asarray(a, np.float32))
    assert check(exercise.name, lower).ok
    python = spoiled(exercise.name, lambda a: np.asarray(a).item() if np.ndim(a) == 0 else a)
    assert check(exercise.name, python).ok


class Awkward:
    """Raises wherever it is touched."""

    def __array__(self, *args, **kwargs):
        raise ZeroDivisionError

    def __repr__(self):
        raise ZeroDivisionError

    __str__ = __len__ = __eq__ = __repr__
    __hash__ = None


class Unspeakable(Exception):
    __str__ = Awkward.__repr__


def raises(error):
    def answer(*args):
        raise error

    return answer


def endless(*args):
    return endless(*args)


def yields(*args):
    yield args


ANSWERS = [  # whatever a reader may hand in
    lambda *args: "text",
    lambda *args: b"bytes",
    lambda *args: [],
    lambda *args: (),
    lambda *args: {},
    lambda *args: [[1, 2], [3]],
    lambda *args: (None, None),
    lambda *args: [1, 2, 3, 4],
    lambda *args: np.nan,
    lambda *args: 1j,
    lambda *args: 10**400,
    lambda *args: True,
    lambda *args: args,
    lambda *args: Awkward(),
    lambda *args: [Awkward()] * 4,
    lambda *args: np.array([None, 1]),
    lambda *args: np.empty((0, 3)),
    lambda *args: np.zeros((50, 50)),
    lambda *args: np.array("2020-01-01", "datetime64[D]"),
    lambda *args: np.ma.masked,
    lambda *args: lambda: 0,
    lambda *args: math.exp(10**6),
    lambda *args: 1 / 0,
    lambda *args: undefined,  # noqa: F821
    raises(KeyError()),
    raises(ValueError("many\nlines\n" + "x" * 999)),
    raises(Unspeakable()),
    raises(SystemExit(1)),
    raises(AssertionError("<b>bold</b>")),
    endless,
    yields,
    np.negative,
    np.random.default_rng(0).normal,
    len,
    int,
    dict,
    Awkward,
    Exercise,
    3,
    "ann.slope",
    np.zeros(3),
    [len],
    Awkward(),
]


def test_nothing_gets_out(exercise, capfd):
    for number, answer in enumerate(ANSWERS):
        result = check(exercise.name, answer)
        assert result.state in ("wrong", "not yet"), number
        assert not result.ok, number
        assert "\n" not in result.message, number
        for text in (repr(result), result._repr_html_()):
            assert "Traceback" not in text, number
            assert "dlcore/exercises" not in text, number
            assert len(text) < 6000, number
        assert capfd.readouterr() == ("", ""), number


def test_an_exception_is_told_in_a_line_with_the_readers_own_line_number():
    def helper(x, W):
        return x @ W.T.T.T @ W

    def answer(x, W1, b1, W2, b2):
        z1 = helper(x, W1)
        return z1 + np.ones(77)

    result = check("ann.feedforward", answer)
    line = answer.__code__.co_firstlineno + 2
    assert f"It stops in line {line}, `return z1 + np.ones(77)`." in result.message
    assert any("ValueError" in text and "could not be broadcast" in text for text in result.details)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (lambda a: a ^ 2, "write `**`"),
        (lambda a: a(1 - a), "`a * b`"),
        (lambda a: math.exp(a), "use `np`"),
        (lambda a: a if a > 0 else 1, "np.where"),
        (lambda a: np.stack([a, a[1:]]), "`np.concatenate` puts"),
        (lambda a: np.array([a, a[1:]]), "`np.concatenate([a, b])` is one vector"),
    ],
)
def test_pythons_own_words_are_explained(answer, said):
    assert said in check("ann.slope", answer).message


def test_a_half_finished_answer_says_what_is_left():
    def answer(x, W1, b1, W2, b2):
        a1 = ...
        return dl.sigmoid(a1 @ W2.T + b2)

    def half(z, y):
        return dl.cross_entropy(z, y)[0], ...

    assert check("ann.feedforward", answer).message.endswith("a1 is still `...`.")
    assert check("ann.cross_entropy", half).message.endswith("dz is still `...`.")
    assert check("ann.cross_entropy", half).state == "not yet"


def test_the_arguments_are_named():
    message = check("ann.update", lambda W, dW: W).message
    assert message == "The function should take (W, dW, alpha), in this order; yours takes (W, dW)."
    result = check("ann.update", np.zeros((2, 3)))
    assert (
        "the function itself, without brackets: it got an array of shape (2, 3)" in result.message
    )


def test_unknown_names_are_answered_in_a_line():
    result = check("ann.softmx", len)
    assert not result.ok
    assert "Did you mean 'ann.softmax'?" in result.message
    assert all(name in result.message for name in EXERCISES)
    for name in (3, None, ["x"], "<i>"):
        assert "There is no exercise" in check(name, len).message
        assert "<i>" not in check(name, len)._repr_html_()
    assert hints("nothing") == ()
    assert "There is no exercise" in hint("nothing", 1)
    assert "hints 1 to 2" in hint("ann.slope", 3)


def test_the_evidence_shows_input_expected_and_got():
    details = check("ann.update", lambda W, dW, alpha: W + alpha * dW).details
    text = "\n".join(details)
    assert re.search(
        r"W = \[\[.*\n.*dW = .*\n.*alpha = 0.1.*expected W = .*got      W = ", text, re.S
    )


def test_a_tiny_difference_is_shown_with_digits_enough():
    text = "\n".join(check("ann.slope", lambda a: a * (1 - a) + 3e-6).details)
    assert "0.25  shape" not in text
    assert "0.250003" in text


def test_long_arrays_are_told_by_a_place():
    big = Exercise(
        name="x.double", title="", stub="", hints=("", ""), reference=lambda a: 2 * a,
        outputs=("y",), cases=lambda rng: [(rng.normal(size=(9, 9)),)], mistakes=(),
    )  # fmt: skip

    def answer(a):
        y = 2 * a
        y[3, 4] += 1
        return y

    text = "\n".join(judge(big, answer).details)
    assert "a: an array of shape (9, 9), float64" in text
    assert "got      y[3, 4] = " in text
    assert "(1 of 81 numbers differ)" in text


def test_html_is_escaped_and_accessible():
    result = check("ann.slope", raises(ValueError("<script>alert('&')</script>")))
    page = result._repr_html_()
    assert "<script" not in page
    assert html.escape("<script>") in page
    assert 'role="status"' in page
    assert "<code>a * b</code>" in check("ann.slope", lambda a: a(1 - a))._repr_html_()
    assert "not right." in page
    assert "passed." in check("ann.slope", EXERCISES["ann.slope"].reference)._repr_html_()
    assert "color: inherit" in page  # legible on light and on dark


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        (EXERCISES["ann.slope"].reference, "right"),
        (lambda a: a, "wrong"),
        (lambda a: ..., "not yet"),
    ],
)
def test_a_front_end_gets_text_html_and_data(answer, verdict):
    result = check("ann.slope", answer)
    shown, _ = DisplayFormatter().format(result)
    assert set(shown) == {"text/plain", "text/html", CHECK}
    assert (shown["text/plain"], shown["text/html"]) == (repr(result), result._repr_html_())
    assert json.loads(json.dumps(shown[CHECK])) == {
        "exercise": "ann.slope",
        "verdict": verdict,
        "text": result.message,
        "details": list(result.details),
    }


def test_check_is_deterministic_and_leaves_the_world_alone(exercise):
    before = np.random.get_state()[1].copy()  # noqa: NPY002
    errors = np.geterr()
    answer = exercise.mistakes[0][1]
    assert repr(check(exercise.name, answer)) == repr(check(exercise.name, answer))
    assert np.array_equal(before, np.random.get_state()[1])  # noqa: NPY002
    assert np.geterr() == errors


def test_there_is_a_case_with_one_example_and_one_that_is_not_square():
    for name in ("feedforward", "gradient", "softmax", "cross_entropy", "backward"):
        first = [args[0].shape for args in cases(name)]
        assert any(shape[0] == 1 for shape in first)
        assert any(shape[0] != shape[1] for shape in first)


# ------------------------------------------------------------------------------ the notebooks


def notebook_cells(chapter):
    path = CHAPTERS / chapter / "exercises.ipynb"
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        yield cell["cell_type"], "".join(cell["source"])


def in_the_notebook(exercise):
    """The cell with the stub, and the prose around it."""
    found = list(notebook_cells(exercise.name.split(".")[0]))
    start = f"{exercise.stub.strip()}\n\n\n"
    (place,) = [i for i, (_, source) in enumerate(found) if source.startswith(start)]
    assert (
        found[place][1][len(start) :] == f'check("{exercise.name}", {exercise.reference.__name__})'
    )
    return found[place - 1][1], found[place + 1][1]


def test_the_notebook_has_title_stub_hints_and_a_solution_that_passes(exercise):
    before, after = in_the_notebook(exercise)
    assert re.search(rf"^## \d+\. {re.escape(exercise.title)}$", before, re.M)
    assert "**What to expect.**" in after
    assert re.findall(r"<summary>(.*?)</summary>", after) == ["Hint 1", "Hint 2", "Solution"]
    assert all(text in after for text in exercise.hints)
    (solution,) = re.findall(r"```python\n(.*?)```", after, re.S)
    assert max(map(len, solution.splitlines())) <= 80
    assert check(exercise.name, run(solution)[exercise.reference.__name__]).ok


def test_numbers_in_the_notebook():
    f = {name.split(".")[1]: e.reference for name, e in EXERCISES.items()}
    assert f["gradient"](np.array([[1.0], [3.0]]), np.array([[2.0], [4.0]])).tolist() == [[7.0]]
    assert f["update"](2, 5, 0.1) == 1.5
    assert f["slope"](np.array([0.5, 0.9])) == pytest.approx([0.25, 0.09])
    assert pytest.approx(1e-6, rel=0.1) == 0.25**10
    assert f["first_std"](8, 2) == pytest.approx((0.5, 0.447), abs=5e-4)
    z = np.array([[1000.0, 999.0], [-1000.0, -1001.0], [1.0, 0.0]])
    assert np.allclose(f["softmax"](z), [0.731, 0.269], atol=5e-4)
    J, dz = f["cross_entropy"](np.zeros((4, 5)), np.arange(4))
    assert pytest.approx(math.log(5)) == J
    assert np.allclose(dz.sum(axis=1), 0)
    v = np.zeros(1)
    for _ in range(200):
        _, v = f["momentum"](np.zeros(1), v, np.ones(1), 0.1, 0.9)
    assert v == pytest.approx(10)
    slope = f["numerical_gradient"](lambda w: float(w[0]) ** 3, np.ones(1), 0.1)
    assert slope == pytest.approx(3.01)
    assert pytest.approx(3.31) == (1.1**3 - 1) / 0.1


def test_the_readers_own_functions_train_the_network(capsys):
    names = {}
    for kind, source in notebook_cells("ann"):
        if kind == "code":
            exec(source, names)
            names |= {e.reference.__name__: e.reference for e in ALL if e.name.startswith("ann.")}
    said = capsys.readouterr().out
    assert float(said.split()[0]) > 0.75
    assert said.endswith("of the test penguins right\n")
