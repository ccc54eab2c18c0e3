"""What the lab `gan-digits` says: captions, the sentence, and what goes wrong."""

from ..activations import sigmoid
from . import doctor
from .doctor import finding, percent, say
from .gan_digits_panels import SEEN, STOPS, SURE_OF_REAL, TURNS
from .gan_words import (
    believes,
    d_wins,
    in_effect,
    lost,
    one_sided,
    remedy,
    unbounded,
)

SCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


# ---- below the pictures


def captions(lab, v):
    """What D says of each, in two digits."""
    told = sigmoid(v) if believes(lab) else v
    return [f"{x:.2f}".replace("-", "−") for x in told]


def turn_names(turned):
    """Which number of z is set to what; the first one of each row says which."""
    return [
        f"{'' if k % len(TURNS) else name(k // len(TURNS)) + ' '}{signed(TURNS[k % len(TURNS)])}"
        for k in range(len(turned))
    ]


def name(k):
    return f"z{str(k + 1).translate(SCRIPTS)}"


def signed(x):
    return f"{x:.1f}".replace("-", "−")


def walk_title(values):
    return f"a walk from the z of sample {values['first']} to that of sample {values['last']}"


def stop_names():
    """How far along each picture of the walk is."""
    return [f"{100 * k / (STOPS - 1):.0f} %" for k in range(STOPS)]


def look_names(lab, p, distance):
    """What D says of the large picture, what it is read as, and how far the real digit is."""
    said = captions(lab, lab.v_picture)[0]
    read = "read as" if p.max() > 0.5 else "perhaps a"
    return [
        f"D {said}, {read} {p.argmax()} ({percent(p.max())})",
        f"{say(distance)} away (unseen: {say(lab.far)})",
    ]


# ---- the sentence


def explain(lab):
    if lab.diverged:
        return lab.gone_wrong()
    if lab.is_as_chosen():
        return lab.notice
    return f"Step {lab.t:,}: {how_good(lab)} {beliefs(lab)}"


def how_good(lab):
    there = [k for k in range(10) if lab.shares[k] >= SEEN]
    none = [str(k) for k in range(10) if k not in there]
    missing = f" (hardly any {listed(none, 'or')})" if 0 < len(none) < 6 else ""
    return (
        f"a classifier that has learnt from real digits is {percent(lab.sure)} sure of the samples "
        f"(of real ones {percent(SURE_OF_REAL)}) and sees {len(there)} of ten digits{missing}; "
        f"their variety is {percent(lab.variety)} of that of real ones."
    )


def beliefs(lab):
    verb = "believes" if believes(lab) else "answers"
    real, held, fake = (
        (lab.D_real, lab.D_held, lab.D_fake)
        if believes(lab)
        else (lab.v_real, lab.v_held, lab.v_fake)
    )
    return (
        f"D {verb} {say(real.mean())} of real digits, {say(held.mean())} of real ones that it has "
        f"never been shown, and {say(fake.mean())} of generated ones."
    )


def listed(words, joint):
    """ "1, 4 or 8"."""
    return f" {joint} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


# ---- what goes wrong


def findings(lab):
    if lab.diverged:
        return [lost(lab)]
    cause = d_wins(lab) or unbounded(lab) or by_heart(lab)  # what else is seen then comes from it
    signs = [] if cause else [collapsed(lab)]
    return doctor.findings(cause, *signs, copied(lab), one_sided(lab))


def collapsed(lab, after=100, digits=5, variety=0.6):
    """The samples are all alike, or of few digits."""
    alike = lab.variety < variety
    few = lab.doubt < 0.5 and in_effect(lab.shares / lab.shares.sum()) < digits
    if lab.rounds < after or not (alike or few):
        return None
    how = "different z give nearly the same picture" if alike else "few digits stand for all"
    return finding(
        "mode collapse",
        "warn",
        f"{read_as(lab)}, and the variety of the samples is {percent(lab.variety)} of that of real "
        f"digits: {how}.",
        "So few latent numbers have no room for ten digits: give z more."
        if lab.values["latent"] < 4
        else remedy(lab),
    )


def read_as(lab):
    most = int(lab.shares.argmax())
    if lab.doubt > lab.shares[most]:
        return f"{percent(lab.doubt)} of the samples are read as no digit"
    never = [str(k) for k in range(10) if lab.shares[k] < SEEN]
    lacking = f", hardly any as {listed(never, 'or')}" if never else ""
    return f"{percent(lab.shares[most])} of the samples are read as {most}{lacking}"


def by_heart(lab, gap=0.25):
    """D tells the digits it was shown from others that are as real."""
    if not believes(lab):
        return None
    real, held = float(lab.D_real.mean()), float(lab.D_held.mean())
    if real - held < gap:
        return None
    return finding(
        "learnt by heart",
        "warn",
        f"D believes {say(real)} of the {len(lab.x):,} digits that it is shown, and {say(held)} of "
        "real ones that it has never seen: it knows them one by one, not what a digit is.",
        "Give it more real digits, or a smaller D.",
    )


def copied(lab, near=0.75):
    """The samples lie nearer to the real digits than other handwriting does."""
    if lab.new > near:
        return None
    return finding(
        "copies",
        "note",
        f"The samples are {percent(lab.new)} as far from the nearest real digit as digits are that "
        "nobody learns from: G hands out copies.",
        "Give D more real digits.",
    )
