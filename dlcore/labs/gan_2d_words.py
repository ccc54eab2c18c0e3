"""What the lab `gan-2d` says: the sentence, the stages with their numbers, what goes wrong."""

import numpy as np

from ..activations import sigmoid
from . import doctor
from .doctor import finding, percent, say
from .gan_game import (
    AGAIN,
    ANEW,
    DRAW,
    G_AGAIN,
    GENERATE,
    JUDGE,
    LOSS,
    SIGNAL,
    UPDATE_D,
    UPDATE_G,
    WANDER_EVERY,
)
from .gan_words import (
    believes,
    d_wins,
    in_effect,
    lost,
    one_sided,
    remedy,
    unbounded,
)
from .learner import norm

D_LOSS = {
    "minimax": "−mean log D(x) − mean log(1 − D(G(z)))",
    "non-saturating": "−mean log D(x) − mean log(1 − D(G(z)))",
    "least squares": "½ mean (v(x) − 1)² + ½ mean v(G(z))²",
    "Wasserstein": "mean v(G(z)) − mean v(x)",
}
G_LOSS = {
    "minimax": "mean log(1 − D(G(z)))",
    "non-saturating": "−mean log D(G(z))",
    "least squares": "½ mean (v(G(z)) − 1)²",
    "Wasserstein": "−mean v(G(z))",
}

# ---- the sentence


def explain(lab):
    if lab.is_as_chosen():
        return lab.notice
    if lab.p is None:
        return (
            "No points yet: click into the plane, or draw a stroke with the mouse. Each point "
            "becomes a mode to be learnt."
        )
    if lab.diverged:
        return lab.gone_wrong()
    frame = lab.frame()
    return f"{when(lab)}: {how_close(lab, frame)} {beliefs(lab)}"


def when(lab):
    """Slow motion counts stages as steps; then the whole ones are told, too."""
    return f"Step {lab.t:,}" + (f" ({lab.rounds:,} whole ones)" if lab.rounds != lab.t else "")


def how_close(lab, frame):
    count, quality = len(lab.modes), percent(frame["quality"][0])
    return (
        f"G covers {int(frame['covered'][0])} of {count} mode{'s' * (count > 1)}, and {quality} of "
        f"its points lie at one; Jensen–Shannon divergence {say(frame['js'][0])} "
        "(0: the same, 0.693: nothing in common)."
    )


def beliefs(lab):
    real, fake = (lab.D_real, lab.D_fake) if believes(lab) else (lab.v_real, lab.v_fake)
    verb = "believes" if believes(lab) else "answers"
    return f"D {verb} {say(real.mean())} of real points and {say(fake.mean())} of generated ones."


# ---- slow motion


def stage_lines(lab):
    """The stage that was just made, with its numbers."""
    if not lab.done:
        return ["Press Step: one stage of a step at a time."]
    return SAY[lab.done[-1]](lab, lab.game, lab.game.now)


def of_draw(lab, game, now):
    size, kind = game.z.shape[1], lab.values["latent"][4:]
    return [
        f"{len(game.x)} real points x from the data; {len(game.z)} latent vectors z of {size} "
        f"number{'s' * (size > 1)}, {kind}. The one nearest to the middle: "
        f"z = {point(game.z[lab.example])}.",
    ]


def of_generate(lab, game, now):
    return [
        "G makes a point of every z. Of the one nearest to the middle: "
        f"G{point(game.z[lab.example])} = {point(game.fake[lab.example])}.",
        "G has never seen a real point, and never will.",
    ]


def of_judge(lab, game, now):
    return [
        f"D answers for all {2 * len(game.x)} points: {say(answer(lab, game.x))} on average for "
        f"real ones, {say(answer(lab, game.fake))} for generated ones.",
    ]


def of_loss(lab, game, now):
    return [
        f"J_D = {D_LOSS[now['loss']]} = {say(game.J_D)}",
        f"∂J_D/∂w of {count(game.D)} weights of D; together they are {say(norm(game.grads_D))} "
        "long.",
    ]


def of_update_D(lab, game, now):
    return [
        f"D’s weights take a step down J_D (α = {say(now['alpha_D'])}): the colours move. For real "
        f"points it now answers {say(answer(lab, game.x))}, for generated ones "
        f"{say(answer(lab, game.fake))}.",
    ]


def of_again(lab, game, now):
    return [
        f"The same {now['k'] - 1} more time{'s' * (now['k'] > 2)}, with new points each time: "
        f"J_D = {say(game.J_D)}.",
    ]


def of_anew(lab, game, now):
    return [f"The new D judges the generated points: {say(answer(lab, game.fake))} on average."]


def of_signal(lab, game, now):
    size = np.median(np.linalg.norm(game.dfake, axis=1)) * len(game.dfake)
    return [
        f"J_G = {G_LOSS[now['loss']]} = {say(game.J_G)}",
        "Back through D, whose weights stand still, to its input: at each generated point the "
        f"arrow −∂J_G/∂x says where D would rather have it; it is {say(size)} long (median).",
    ]


def of_update_G(lab, game, now):
    moved = np.linalg.norm(game.G(game.z) - game.fake, axis=1).mean()
    return [
        f"The arrows go on back through G, to its {count(game.G)} weights: ‖∂J_G/∂w‖ = "
        f"{say(norm(game.grads_G))}.",
        f"They take a step (α = {say(now['alpha_G'])}), and the same z are now at other places, "
        f"{say(moved)} away on average.",
    ]


def of_G_again(lab, game, now):
    return [
        f"The same {now['k_G'] - 1} more time{'s' * (now['k_G'] > 2)}, for new z each time, while "
        f"D stands still: J_G = {say(game.J_G)}.",
    ]


SAY = {
    DRAW: of_draw, GENERATE: of_generate, JUDGE: of_judge, LOSS: of_loss, UPDATE_D: of_update_D,
    AGAIN: of_again, ANEW: of_anew, SIGNAL: of_signal, UPDATE_G: of_update_G, G_AGAIN: of_G_again,
}  # fmt: skip


def answer(lab, x):
    """What D answers on average: its belief, where it is one."""
    v = lab.game.D(x)[:, 0]
    return float((sigmoid(v) if believes(lab) else v).mean())


def point(x):
    return f"({', '.join(f'{v:.2f}'.replace('-', '−') for v in x)})"


def count(net):
    return f"{sum(w.size for w in net.params.values()):,}"


# ---- what goes wrong


def findings(lab):
    if lab.diverged:
        return [lost(lab)]
    if lab.p is None:
        return []
    cause = d_wins(lab) or unbounded(lab)  # what else is to be seen then comes from it
    signs = [] if cause else [collapsed(lab), wanders(lab)]
    return doctor.findings(cause, *signs, one_sided(lab))


def collapsed(lab, after=200):
    """G's points lie at few of the modes."""
    shares = lab.nearest
    modes = in_effect(shares)
    if lab.rounds < after or len(shares) < 3 or modes > len(shares) / 2:
        return None
    return finding(
        "mode collapse",
        "warn",
        f"{percent(shares.max())} of G’s points are nearest to one of the {len(shares)} modes, and "
        f"in effect they share {say(modes)} of them: different z give nearly the same point.",
        remedy(lab),
    )  # fmt: skip


def wanders(lab, far=0.25, after=600):
    """The mean of G's points goes to and fro, and gets nowhere; it may in the beginning."""
    means = np.array(lab.means)
    if lab.rounds < after:
        return None
    spread = float(np.sqrt(means.var(0).sum()))
    way = float(np.linalg.norm(np.diff(means, axis=0), axis=1).sum())
    if spread < far:
        return None
    return finding(
        "oscillation",
        "warn",
        f"In the last {WANDER_EVERY * len(means):,} steps the middle of G’s points went a way of "
        f"{say(way)} and strayed {say(spread)} from its own mean: G runs after D, and D after G.",
        remedy(lab),
    )
