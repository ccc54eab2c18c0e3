"""Which mistake is this? What an answer returns on all the hidden cases is compared with what each
known mistake returns, and with what a slip that any exercise allows makes of the right results.
"""

import itertools

import numpy as np

from .call import call, close, same


def recognise(exercise, answer, cases, tried, wanted):
    """What the reader did, in words, or None."""
    mistakes = [(message, f) for message, *functions in exercise.mistakes for f in functions]
    for message, function in mistakes:
        if all(
            same(got, call(function, exercise, args))
            for got, args in zip(tried, cases, strict=True)
        ):
            return message
    if not _numeric(tried):
        return None
    if unused := _unused(exercise, answer, cases, tried, wanted):
        return f"The result does not depend on {unused}, and it should: is {unused} used?"
    if _in_another_order(tried, wanted):
        return f"The results are right, but in another order: return {_list(exercise.outputs)}."
    made = [(message, [call(f, exercise, args) for args in cases]) for message, f in mistakes]
    made = [(message, outcomes) for message, outcomes in made if _numeric(outcomes)]
    names_of = {}  # explanation -> the outputs it explains
    for k, name in enumerate(exercise.outputs):
        got, want = _column(tried, k), _column(wanted, k)
        if not _all_close(got, want):
            known = [(message, _column(outcomes, k)) for message, outcomes in made]
            names_of.setdefault(_explain(cases, got, want, known), []).append(name)
    unexplained = names_of.pop(None, [])
    if not names_of:
        return None
    if len(names_of) == 1 and len(next(iter(names_of.values()))) == len(exercise.outputs):
        return next(iter(names_of))
    rest = [f"{_list(unexplained)}: not right either."] if unexplained else []
    return " ".join([f"{_list(names)}: {text}" for text, names in names_of.items()] + rest)


def _unused(exercise, answer, cases, tried, wanted):
    """The first argument that matters to the reference, in the last case, and in none to the
    answer."""
    if not _finite(tried[-1]):
        return None  # nan does not show what it depends on

    def same_without(function, i, k, outcome):
        """Is it all the same in case k if argument i is moved?"""
        args = cases[k]
        other = (*args[:i], _moved(args[i]), *args[i + 1 :])
        return same(call(function, exercise, other), outcome)

    for i, name in enumerate(exercise.arguments):
        if not same_without(exercise.reference, i, -1, wanted[-1]) and all(
            same_without(answer, i, k, got) for k, got in enumerate(tried)
        ):
            return name
    return None


def _moved(value):
    """Another value of its kind; a function stays as it is."""
    if isinstance(value, np.ndarray) and value.dtype.kind == "f":
        return value + np.linspace(1, 2, value.size).reshape(value.shape)
    return 2 * value if isinstance(value, int | float) else value


def _explain(cases, got, want, known):
    """Why one output is `got` and not `want`, lists with an array for each case."""
    for message, made in known:
        if _all_close(got, made) and not _all_close(made, want):
            return message
    for slip in SLIPS:
        if text := slip(cases, got, want):
            return text
    for message, made in known:
        for slip in (negated, transposed, number_of_examples):
            if not _all_close(made, want) and (text := slip(cases, got, made)):
                return f"Two things. {message} And: {text}"
    return None


def negated(cases, got, want):
    if _all_close(got, [-w for w in want]):
        return "The sign is the wrong way round: each number is minus what it should be."
    return None


def transposed(cases, got, want):
    if _all_close(got, [w.T for w in want]):
        return "Rows and columns are exchanged: you have the transpose of what is asked."
    return None


def number_of_examples(cases, got, want):
    m = _examples(cases)
    if _all_close(got, [n * w for n, w in zip(m, want, strict=True)]):
        return "It is m times too large: the sum over the examples where the mean is asked for."
    if _all_close(got, [w / n for n, w in zip(m, want, strict=True)]):
        return "It is m times too small: the division by m happens once too often."
    return None


def constant_factor(cases, got, want):
    if not all(g.shape == w.shape for g, w in zip(got, want, strict=True)):
        return None
    if not any(g.any() for g in got):
        return "It is zero in every case."
    top = sum(np.sum(g * w) for g, w in zip(got, want, strict=True))
    factor = top / sum(np.sum(w * w) for w in want)
    if _all_close(got, [factor * w for w in want]):
        return f"Every number is {factor:.4g} times what it should be."
    return None


def reshaped(cases, got, want):
    if not _all_close([g.ravel() for g in got], [w.ravel() for w in want]):
        return None
    is_, should = next(
        (g.shape, w.shape) for g, w in zip(got, want, strict=True) if g.shape != w.shape
    )
    return f"The numbers are right, the shape is not: it is {is_} and should be {should}."


def cut_off(cases, got, want):
    """Floats written into an array of integers."""
    pairs = [(g, w) for g, w in zip(got, want, strict=True) if not close(g, w)]
    if all(g.dtype.kind in "iu" and np.array_equal(g, np.trunc(w)) for g, w in pairs):
        return (
            "Fractions are cut off: an array made from one of integers holds integers, whatever "
            "is written into it. Ask for floats, as in `np.zeros(z.shape)` or `z.astype(float)`."
        )
    return None


def overflowed(cases, got, want):
    if any(not np.isfinite(g).all() and np.isfinite(w).all() for g, w in zip(got, want)):  # noqa: B905
        return (
            "There is nan or inf where a finite number is asked for: something overflows, or "
            "there is log 0 or a division by 0. Look at the size of the numbers that go in."
        )
    return None


def single(cases, got, want):
    """One number for all, or for each example one."""
    m = _examples(cases)
    of_each = all(g.ndim and g.size == n for g, n in zip(got, m, strict=True))
    if of_each and not any(w.ndim for w in want):
        return "It is still a number for each example: take the mean over them."
    if all(g.ndim == 0 for g in got) and any(w.ndim for w in want):
        return "It is a single number, and should be an array: a sum or mean goes over too much."
    return None


def table(cases, got, want):
    """A column plus a plain array of the same length."""
    if any(
        w.size > 1 and w.size in w.shape and g.shape == (w.size, w.size)
        for g, w in zip(got, want, strict=True)
    ):
        return (
            "A column (m, 1) met a plain array (m,), and the two made a table (m, m). Give both "
            "the same shape."
        )
    return None


SLIPS = (
    negated, transposed, number_of_examples, overflowed, constant_factor, reshaped, cut_off,
    single, table,
)  # fmt: skip


def peculiar(cases, failing):
    """What the cases that fail have in common, and only they."""
    for what, holds in _PECULIAR:
        if [holds(args) for args in cases] == failing:
            return what
    return None


def _arrays(args):
    return [a for a in args if isinstance(a, np.ndarray)]


_PECULIAR = (
    ("a single example (m = 1)", lambda args: np.ndim(args[0]) == 2 and len(args[0]) == 1),
    ("integers in an array", lambda args: any(a.dtype.kind in "iu" for a in _arrays(args))),
    ("large numbers", lambda args: any(np.abs(a).max() > 100 for a in _arrays(args))),
)


def _examples(cases):
    """m of each case: the rows of the first table."""
    return [next((len(a) for a in args if np.ndim(a) == 2), 1) for args in cases]


def _numeric(outcomes):
    return all(o.outputs is not None and all(a is not None for a in o.outputs) for o in outcomes)


def _finite(outcome):
    return outcome.outputs is not None and all(np.isfinite(a).all() for a in outcome.outputs)


def _column(outcomes, k):
    return [outcome.outputs[k] for outcome in outcomes]


def _all_close(got, want):
    return all(map(close, got, want))


def _in_another_order(tried, wanted):
    orders = list(itertools.permutations(range(len(wanted[0].outputs))))[1:]
    return any(
        all(
            _all_close([t.outputs[k] for k in order], w.outputs)
            for t, w in zip(tried, wanted, strict=True)
        )
        for order in orders
    )


def _list(names):
    return ", ".join(names)
