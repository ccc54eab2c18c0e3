"""What the lab `forecast` says: how far it sees, beside its rivals, and what goes wrong."""

import numpy as np

from . import doctor
from .forecast_panels import TICK, UNIT
from .forecast_series import BIKES, DIRECT, WAVE
from .learner import LIMIT

NEAR = 1.2  # times the error of the best forecast there can be
WORSE = 1.1  # times that error at every horizon: it is beaten
BETTER = 0.9  # an error below so much of the seasonal mean's is worth having
RISEN = 1.1  # times the lowest test loss: it learns the noise
PAST = 1.02  # times the lowest test loss: more steps made it worse
FALLEN = 0.35  # forecasts that lie so near the seasonal mean say little else
LEARNT = 100  # steps after which it is compared


def explain(lab):
    if lab.diverged:
        return lab.gone_wrong()
    if lab.is_as_chosen():
        return lab.notice
    lab.frame()
    name, K = lab.values["series"], lab.values["horizon"]
    net, ar = ([amount(e, name) for e in lab.errors[who][[0, -1]]] for who in ("network", "ar"))
    tick = TICK[name]
    return (
        f"Step {lab.t:,}: 1 {tick} ahead the network’s error is {net[0]} (AR {ar[0]}), {K} {tick}s "
        f"ahead {net[1]} (AR {ar[1]}); that of the seasonal mean is "
        f"{amount(lab.error_usual, name)}. {sees(lab)} {falls(lab)}"
    )


def amount(x, name):
    return f"{doctor.say(x, 2)}{'' if name == WAVE else ' ' + UNIT[name]}"


def sees(lab):
    """Up to which horizon it is clearly better than the seasonal mean."""
    tick, K = TICK[lab.values["series"]], lab.values["horizon"]
    far = int(np.argmax(np.append(lab.errors["network"] > BETTER * lab.error_usual, True)))
    if far == 0:
        return f"It does not see even one {tick} ahead: nowhere is it a tenth better."
    reach = f"all {K} {tick}s" if far == K else f"{far} {tick}{'s' * (far > 1)}"
    return f"It sees {reach} ahead: so far it is at least a tenth better."


def falls(lab):
    """What its forecasts look like where the horizon ends."""
    far = doctor.percent(lab.spread[-1])
    return f"At the end its forecasts lie {far} as far from that mean as the series does."


def findings(lab):
    v = lab.values
    lab.frame()
    if lab.diverged:
        return [doctor.diverged(lab.diverged_at, lab.t, lab.J, LIMIT, lab.alpha_used)]
    if lab.t < LEARNT:
        return doctor.findings(doctor.loss_growing(lab.history, v["alpha"]))
    return doctor.findings(
        doctor.loss_growing(lab.history, v["alpha"]),
        doctor.overfitting(
            lab.history, gap=RISEN, least=0.02, remedies="a shorter window, fewer units"
        ),
        beaten(lab),
        runs_away(lab),
        best(lab),
        rival(lab),
        fallen(lab),
        forgets(lab),
    )


def worse_than_usual(lab):
    """Is the seasonal mean clearly better at every horizon?"""
    return lab.errors["network"].min() > WORSE * lab.error_usual


def beaten(lab):
    if not worse_than_usual(lab):
        return None
    name = lab.values["series"]
    return doctor.finding(
        "worse than as usual",
        "warn",
        f"At no horizon is its error below {amount(lab.errors['network'].min(), name)}; that of "
        f"the seasonal mean is {amount(lab.error_usual, name)}.",
        "If its loss still falls, train on. If it does not, the steps are too long: lower α and "
        "press Reset.",
    )


def runs_away(lab):
    if lab.spread[-1] < 1.3 or lab.values["way"] == DIRECT or worse_than_usual(lab):
        return None
    return doctor.finding(
        "its own echo",
        "warn",
        f"Rolled out to the end its forecasts lie {doctor.percent(lab.spread[-1])} as far from the "
        "seasonal mean as the series does: it hears its own errors and believes them.",
        "Choose direct: then it is trained for what it is asked.",
    )


def near_best(lab):
    """Of a wave: is there next to nothing left to be learnt?"""
    if lab.values["series"] != WAVE:
        return False
    return lab.errors["network"].mean() <= NEAR * lab.errors["best"].mean()


def best(lab):
    if not near_best(lab):
        return None
    ideal = lab.errors["best"]
    return doctor.finding(
        "nothing left to learn",
        "note",
        f"Its error, {doctor.say(lab.errors['network'].mean())} on average over all horizons, is "
        f"within a fifth of that of the best forecast there can be, {doctor.say(ideal.mean())}.",
        "Nearly all of the rest is noise that nobody can tell: give it a longer memory, or less.",
    )


def rival(lab):
    """Does linear autoregression do as well?"""
    net, ar = (float(np.mean(lab.errors[name])) for name in ("network", "ar"))
    if net < 0.98 * ar or worse_than_usual(lab):
        return None
    more = "does better" if ar < 0.98 * net else "does as well"
    return doctor.finding(
        "a line is enough",
        "note",
        f"Linear autoregression {more}: {amount(ar, lab.values['series'])} on average over all "
        f"horizons, the network {amount(net, lab.values['series'])}.",
        instead(lab),
    )


def instead(lab):
    """What to try where a line is enough; more steps, if they may still help."""
    lowest = min(test for _, _, test in lab.history)
    done = near_best(lab) or lab.losses[1] > PAST * lowest
    what, why = (
        ("take the season out", "less is left that a line cannot do")
        if lab.values["series"] == BIKES
        else ("choose the bikes", "there a line is not enough")
    )
    return f"{what.capitalize() if done else f'Train on, or {what}'}: {why}."


def fallen(lab):
    """From which horizon on it says hardly more than “as usual”."""
    low = lab.spread < FALLEN
    if not low[-1]:
        return None
    k = len(low) - int(np.argmin(low[::-1])) if not low.all() else 0
    tick = TICK[lab.values["series"]]
    return doctor.finding(
        "back to the seasonal mean",
        "note",
        f"From {tick} {k + 1} ahead on its forecasts lie less than {doctor.percent(FALLEN)} as far "
        "from the seasonal mean as the series does.",
        "Where nothing can be known, that is the answer with the smallest squared error.",
    )


def forgets(lab):
    """Does the older half of the window matter at all?"""
    weight = np.abs(lab.looks).sum(0)
    old, total = float(weight[: len(weight) // 2].sum()), float(weight.sum())
    if len(weight) < 8 or total == 0 or old > 0.03 * total or worse_than_usual(lab):
        return None
    return doctor.finding(
        "a short memory",
        "note",
        f"The older half of the window has {doctor.percent(old / total)} of all derivatives: "
        "it hardly looks back that far.",
        "If the series is worth it: more steps, an lstm, or a shorter window that it does use.",
    )
