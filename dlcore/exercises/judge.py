"""From an answer to a verdict."""

import inspect

from .call import call, close, quiet, text, unfinished, where
from .recognise import peculiar, recognise
from .result import Result
from .show import compare, describe, show


def judge(exercise, answer):
    """The Result of `answer`, which should be a function that does what the reference does."""
    with quiet():
        return Result(exercise.name, *_judge(exercise, answer))


def _judge(exercise, answer):
    """(state, message) or (state, message, details)"""
    if answer is ... or answer is None:
        return "not yet", "Write the function, then check it."
    if not callable(answer):
        return "wrong", (
            f"Give check the function itself, without brackets: it got {describe(answer)}."
        )
    if complaint := _arguments(exercise, answer):
        return "wrong", complaint
    cases = exercise.draw()
    tried = [call(answer, exercise, args) for args in cases]
    for outcome in tried:
        if left := unfinished(exercise, answer, outcome):
            return "not yet", f"Something is left to write: {left}."
    if all(outcome.silent for outcome in tried):
        return _returns_nothing(tried)
    wanted = [call(exercise.reference, exercise, args) for args in cases]
    failing = [not _right(got, want) for got, want in zip(tried, wanted, strict=True)]
    changed = [name for name in exercise.arguments if any(name in o.changed for o in tried)]
    if any(failing):
        shown = failing.index(True)
        message = recognise(exercise, answer, cases, tried, wanted)
        if unknown := message is None:
            shown = next((i for i, outcome in enumerate(tried) if outcome.error), shown)
            message = _general(exercise, answer, cases, tried[shown], wanted[shown], failing)
        if changed:
            message += f" It also writes into {_and(changed)}, which may be part of the trouble."
        if unknown:
            message += f' For a hint: hint("{exercise.name}", 1).'
        evidence = _evidence(exercise, answer, cases[shown], tried[shown], wanted[shown])
        return "wrong", message, evidence
    if changed:
        return "wrong", (
            f"The result is right, but your function writes into {_and(changed)}: whoever calls it "
            "finds that array changed. Make a new one: `a = a - b` does, `a -= b` and `a[i] = b` "
            "write into the old."
        )
    if listed := _lists(exercise, tried):
        return "wrong", f"The numbers are right, but {listed} is a list: make it an array."
    return "passed", f"It agrees with the solution on all {len(cases)} hidden cases."


def _arguments(exercise, answer):
    """Can the function be called with as many arguments?"""
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return None
    try:
        signature.bind(*exercise.arguments)
    except TypeError:
        wanted, names = ", ".join(exercise.arguments), ", ".join(signature.parameters)
        return f"The function should take ({wanted}), in this order; yours takes ({names})."
    return None


def _returns_nothing(tried):
    if any(outcome.printed.strip() for outcome in tried):
        return "wrong", "The function prints but returns nothing: end it with `return`."
    if names := {name for outcome in tried for name in outcome.changed}:
        return "wrong", (
            f"The function writes into {_and(sorted(names))} and returns nothing. Leave what comes "
            "in as it is, and return a new array."
        )
    return "not yet", "The function returns nothing (None) so far: end it with `return`."


def _right(got, want):
    return got.outputs is not None and all(map(close, got.outputs, want.outputs))


def _lists(exercise, tried):
    """The first output that is a list and no array."""
    for outcome in tried:
        values = outcome.raw if len(exercise.outputs) > 1 else [outcome.raw]
        for name, value in zip(exercise.outputs, values, strict=True):
            if isinstance(value, tuple | list):
                return name
    return None


def _general(exercise, answer, cases, got, want, failing):
    """What can be said of a mistake that nobody foresaw."""
    some = f" {sum(failing)} of {len(cases)} hidden cases fail" if not all(failing) else ""
    if some and (what := peculiar(cases, failing)):
        some += f": just those with {what}"
    some += "." if some else ""
    if got.error is not None:
        return f"It stops{where(got.error, answer)}.{_tip(got.error)}{some}"
    if got.raw is None:
        return f"It returns nothing (None) here: is there a `return` on every way out?{some}"
    if got.outputs is None:
        names = ", ".join(exercise.outputs)
        return f"It should return {len(exercise.outputs)} things, {names}, not {describe(got.raw)}."
    pairs = list(zip(exercise.outputs, got.outputs, want.outputs, strict=True))
    if odd := [name for name, g, _ in pairs if g is None]:
        return f"{_and(odd)} should be numbers.{some}"
    if odd := [name for name, g, w in pairs if g.shape != w.shape]:
        return f"{_and(odd)} has the wrong shape.{some}"
    odd = [name for name, g, w in pairs if not close(g, w)]
    good = [name for name in exercise.outputs if name not in odd]
    rest = f" ({_and(good)}: right)" if good else ""
    return f"{_and(odd)}: not what the formula gives{rest}.{some}"


TIPS = {  # what NumPy and Python say, and what it mostly means
    "bitwise_xor": "`^` is not a power in Python: write `**`.",
    "unsupported operand type(s) for ^": "`^` is not a power in Python: write `**`.",
    "matmul": "The shapes do not fit: `A @ B` needs as many columns in A as there are rows in B.",
    "not aligned": "The shapes do not fit: A needs as many columns as there are rows in B.",
    "could not be broadcast": "The two shapes do not fit: print both, one line above.",
    "non-broadcastable": "The two shapes do not fit: print both, one line above.",
    "must have the same shape": "`np.concatenate` puts vectors of unequal lengths into one.",
    "inhomogeneous": "`[a, b]` is a list of two: `np.concatenate([a, b])` is one vector.",
    "converted to Python scalars": "The functions of `math` take single numbers: use `np`.",
    "truth value of an array": "`if` wants one truth, not one for each number: use `np.where`.",
    "Cannot cast ufunc": "An array of integers cannot take fractions: make a new array.",
    "object is not callable": "`a(b)` calls a function; a product is written `a * b`.",
    "is not defined": "Is it misspelt, or in a cell that has not run yet?",
}


def _tip(error):
    return next((f" {tip}" for words, tip in TIPS.items() if words in text(error)), "")


def _evidence(exercise, answer, args, got, want):
    """The input, what was expected, what came."""
    lines = [show(name, value) for name, value in zip(exercise.arguments, args, strict=True)]
    lines.insert(0, "input:")
    if got.error is not None:
        kind = type(got.error).__name__
        lines += [
            show(f"expected {n}", w) for n, w in zip(exercise.outputs, want.outputs, strict=True)
        ]
        lines.append(f"got      {kind}{where(got.error, answer)}: {text(got.error)}")
    elif got.outputs is None:
        lines.append(f"expected {', '.join(exercise.outputs)}")
        lines.append(f"got      {describe(got.raw)}")
    else:
        values = got.raw if len(exercise.outputs) > 1 else [got.raw]
        for name, raw, g, w in zip(
            exercise.outputs, values, got.outputs, want.outputs, strict=True
        ):
            if g is None:
                lines += [show(f"expected {name}", w), f"got      {name}: {describe(raw)}"]
            elif not close(g, w):
                lines += compare(name, g, w)
    if got.printed.strip():
        lines.append("printed: " + got.printed.strip().replace("\n", "\n         ")[:300])
    return tuple(lines)


def _and(names):
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
