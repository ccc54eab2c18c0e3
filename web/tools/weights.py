"""Train the networks whose weights figures show, and write them into dlcore/labs/weights.

    python -m web.tools.weights        a few minutes on one core

The same seeds, so nearly the same weights: products of matrices are summed in another order on
another machine. Tests hold how well the networks do, not their bytes.
"""

from __future__ import annotations

import copy
from itertools import product

import numpy as np

import dlcore as dl
from dlcore import data, detection, style
from dlcore.labs import style_translation as translation
from dlcore.labs import trained
from dlcore.model import folded, grid_detector

from .common import ROOT

FOLDER = ROOT / "dlcore" / "labs" / "weights"
BATCH, ALPHA = 32, 0.004
CANVASES = 512  # they are new after so many
LETTERS, ALPHA_STYLE, WEIGHT = 24, 0.004, 20.0  # of the translators: a batch, a rate, that of L1
CONDITIONS = np.array([[0, 0], [1, 0], [0, 1]], np.float32)  # of regular, bold, italic
SHARES = (0.1, 0.45, 0.45)  # in which these are shown
EPOCHS, THETA = 30, 1.0  # of the spoken digits; what gradients are shortened to


def main() -> None:
    write("sentiment.npz", sentiment())
    write("judge.npz", judge())
    write("style.npz", styles())
    write("share_alike/detector.npz", detector())
    write("share_alike/speech.npz", speech())


def write(name: str, arrays: dict[str, np.ndarray]) -> None:
    path = FOLDER / name
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(path, **arrays)
    print(path.relative_to(ROOT), f"{path.stat().st_size:,} bytes")


def detector() -> dict[str, np.ndarray]:
    """Weights of the grid detector after each of `trained.STEPS`, packed."""
    rng, kept = np.random.default_rng(0), {}
    net = grid_detector(10, rng=rng)
    opt, schedule = dl.Adam(ALPHA), dl.cosine(ALPHA, trained.STEPS[-1])
    for t, (x, y) in enumerate(batches(trained.STEPS[-1], rng), start=1):
        z, cache = net.forward(x)
        J, dz = detection.grid_loss(z, y)
        opt.alpha = schedule(t)
        opt.step(net.params, net.backward(dz, cache, need_dx=False)[1])
        if t in trained.STEPS:
            print(f"step {t:,}: J = {J:.3f}", flush=True)
            for name, p in folded(net).params.items():
                kept |= trained.pack(f"{t}.{name}", p)
    return kept


def speech() -> dict[str, np.ndarray]:
    """Weights of the networks that hear spoken digits, packed."""
    words, kept = data.spoken_digits(), {}
    for kind, asked in product(trained.LISTENERS, trained.ASKED):
        rng = np.random.default_rng(0)
        net = trained.new_listener(kind, rng=rng)
        J = teach(net, words, asked, rng)
        print(f"{kind}, asked at {asked}: J = {J:.3f}", flush=True)
        for name, p in net.params.items():
            kept |= trained.pack(f"{kind}.{asked}.{name}", p)
    return kept


def teach(net, words, asked, rng):
    """The mean loss of the last epoch."""
    opt, loss, losses = dl.Adam(ALPHA), dl.per_tick(dl.cross_entropy), []
    steps = EPOCHS * -(-len(words.y) // BATCH)
    schedule = dl.cosine(ALPHA, steps)
    for t, i in enumerate(alike(words.mask.sum(0), rng), start=1):
        T = words.mask[:, i].sum(0).max()
        x, mask = words.x[:T, i], words.mask[:T, i]
        if asked == "end":
            mask = np.diff(mask, axis=0, append=False)  # True at a word's last frame
        z, cache = net.forward(x)
        J, dz = loss(z, np.tile(words.y[i], (T, 1)), mask)
        grads, _ = dl.clip_by_norm(net.backward(dz, cache, need_dx=False)[1], THETA)
        opt.alpha = schedule(t)
        opt.step(net.params, grads)
        losses.append(J)
    return np.mean(losses[-steps // EPOCHS :])


def alike(lengths, rng):
    """Batches of sequences of nearly equal lengths, in a new order every epoch."""
    for _ in range(EPOCHS):
        order = rng.permutation(len(lengths))
        order = order[np.argsort(lengths[order], kind="stable")]
        starts = np.arange(0, len(order), BATCH)
        for start in rng.permutation(starts):
            yield order[start : start + BATCH]


def batches(steps, rng):
    """So many batches of canvases that were never shown before, and what the grid should answer."""
    while True:
        canvases = data.digit_canvases(CANVASES, rng=rng)
        y = detection.grid_targets(canvases.boxes, canvases.labels, 48, 8)
        for start in range(0, CANVASES, BATCH):
            yield canvases.x[start : start + BATCH], y[start : start + BATCH]
            steps -= 1
            if steps == 0:
                return


def sentiment() -> dict[str, np.ndarray]:
    """The LSTM and the bag of words of the chapter on sentiment, packed, and their vocabulary."""
    reviews = data.reviews()
    vocabulary = data.vocabulary(reviews.x_train)
    ids = data.look_up(reviews.x_train, vocabulary)
    y = reviews.y_train[:, None].astype(np.float32)
    net, bag = reader(ids, y, len(vocabulary)), counter(ids, y, len(vocabulary))
    kept = {"vocabulary": np.frombuffer("\n".join(vocabulary).encode(), np.uint8)}
    for name, p in net.params.items():
        kept |= trained.pack(name, p)
    for name, p in bag.params.items():
        kept |= trained.pack(f"bag.{name}", p)
    return kept


def reader(ids, y, K, epochs=10, size=32):
    """An LSTM that has read the sentences, with dropout on its vectors and on its words."""
    rng = np.random.default_rng(0)
    E = dl.Embedding(K, 24, rng=rng)
    E.W *= np.float32(0.3)
    lstm, head = dl.Recurrent(dl.LSTMCell(24, 24, rng=rng)), dl.Dense(24, 1, rng=rng)
    net = dl.Sequential(E, dl.Dropout(0.5, rng=rng), lstm, dl.LastTick(), head)
    opt, schedule = dl.Adam(0.01), dl.cosine(0.01, epochs * -(-len(ids) // size))
    for t, i in enumerate(mixed(len(ids), epochs, size, rng), start=1):
        x, mask = data.pad([ids[k] for k in i])
        x[rng.random(x.shape) < 0.1] = 0
        z, cache = net.forward(x, mask)
        _, grads = net.backward(dl.bce_with_logits(z, y[i])[1], cache, need_dx=False)
        opt.alpha = schedule(t)
        opt.step(net.params, dl.clip_by_norm(grads, 1.0)[0])
    return dl.Sequential(E, lstm, dl.LastTick(), head)


def judge() -> dict[str, np.ndarray]:
    """Weights of a classifier of 8x8 digits, packed. A fifth of what it was shown are no digits:
    of these it had to say 1/10 for each."""
    rng, split = np.random.default_rng(0), data.digits()
    x, y = split.x_train.reshape(-1, 64), np.eye(10, dtype=np.float32)[split.y_train]
    net = dl.mlp(trained.JUDGE, dl.ReLU, rng=rng, init=dl.init.he)
    opt, epochs, size = dl.Adam(0.003), 80, 32
    schedule = dl.cosine(0.003, epochs * -(-len(x) // size))
    for t, i in enumerate(mixed(len(x), epochs, size, rng), start=1):
        others = no_digits(x, len(i) // 4, rng)
        z, cache = net.forward(np.concatenate([x[i], others]))
        target = np.concatenate([y[i], np.full((len(others), 10), 0.1, np.float32)])
        opt.alpha = schedule(t)
        opt.step(net.params, net.backward((dl.softmax(z) - target) / len(z), cache)[1])
    return {k: a for name, p in net.params.items() for k, a in trained.pack(name, p).items()}


def no_digits(x, n, rng):
    """n pictures made of digits x (m, 64): two with their pixels mixed, one with its pixels in
    another order, noise, one over another, in turn at random."""
    one, other = x[rng.integers(0, len(x), (2, n))]
    kinds = [
        np.where(rng.random((n, 64)) < 0.5, one, other),
        rng.permuted(one, axis=1),
        rng.random((n, 64), np.float32),
        (one + other) / 2,
    ]
    return np.choose(rng.integers(0, 4, (n, 1)), kinds).astype(np.float32)


def mixed(m, epochs, size, rng):
    """Batches of so many places of m, in a new order in each epoch."""
    for _ in range(epochs):
        order = rng.permutation(m)
        yield from (order[start : start + size] for start in range(0, m, size))


def counter(ids, y, K):
    """Logistic regression on how often each word occurs."""
    rng = np.random.default_rng(0)
    counts = np.array([np.bincount(sentence, minlength=K) for sentence in ids], np.float32)
    bag = dl.Dense(K, 1, rng=rng, init=dl.init.constant(0))
    loss = dl.bce_with_logits
    for _ in dl.fit(bag, counts, y, loss=loss, opt=dl.Adam(0.01), rng=rng, epochs=20):
        pass
    return bag


def styles() -> dict[str, np.ndarray]:
    """Translators of letters at the moments of `trained.STYLE_STEPS`, packed; the discriminator at
    the end; the baseline by hand; and how good each was on fonts never seen."""
    fonts, held_out = data.font_styles(), data.font_styles("test")
    kept, first = by_hand(fonts), trained.GAMES[0]
    stem, rng = style.translator(rng=np.random.default_rng(0)), np.random.default_rng(0)
    scores = [how_good(stem, held_out)]
    kept |= mistakes(f"{first}.0", stem)
    for t in translating(stem, None, fonts, rng, steps=trained.FORK, alpha=ALPHA_STYLE):
        if t in trained.STYLE_STEPS:
            kept |= trained.pack_all(f"{first}.{t}", stem) | mistakes(f"{first}.{t}", stem)
            scores.append(how_good(stem, held_out))
            print(f"step {t:,}:", scores[-1].round(4).tolist(), flush=True)
    for game in trained.GAMES:
        rng, G = np.random.default_rng(1), copy.deepcopy(stem)
        D = style.patch_discriminator(rng=rng) if game == "gan" else None
        how = {"steps": trained.STYLE_STEPS[-1] - trained.FORK, "alpha": ALPHA_STYLE / 2}
        if game == "squares":
            how["distance"] = dl.mse
        for _ in translating(G, D, fonts, rng, **how):
            pass
        name = f"{game}.{trained.STYLE_STEPS[-1]}"
        kept |= trained.pack_all(name, G) | mistakes(name, G)
        kept[f"scores.{game}"] = np.stack([*scores, how_good(G, held_out)], 1)
        print(game, kept[f"scores.{game}"][:, -1].round(4).tolist(), flush=True)
        if D:
            kept |= trained.pack_all("D", D)
    return kept


def translating(G, D, fonts, rng, *, steps, alpha, **how):
    """Train, and yield the number of each step: a letter in each of the styles."""

    def draw(rng):
        font, letter = (rng.integers(0, n, LETTERS) for n in (len(fonts.x), fonts.x.shape[2]))
        kind = rng.choice(3, LETTERS, p=SHARES)
        x, y = fonts.x[font, 0, letter], fonts.x[font, kind, letter]
        return x[:, None], CONDITIONS[kind], y[:, None]

    opt, schedule = dl.Adam(alpha, beta1=0.5), dl.cosine(alpha, steps)
    opts = {"opt_G": opt, "opt_D": dl.Adam(ALPHA_STYLE / 2, beta1=0.5) if D else None}
    for step in style.style_steps(G, D, draw, **opts, rng=rng, steps=steps, weight=WEIGHT, **how):
        yield step.t
        opt.alpha = schedule(step.t)


def by_hand(fonts):
    """A filter for bold, and the shear that comes nearest to italic; how far every letter is off
    then."""
    regular, bold, italic = (fonts.x[:, k].reshape(-1, 1, 32, 32) for k in range(3))
    conv = steeper(style.fit_filter(regular, bold), regular, bold)
    shears = product(np.arange(0, 0.31, 0.02), np.arange(-1, 1.1, 0.25))
    best = min(shears, key=lambda s: np.abs(style.shear(regular, *s) - italic).mean())
    hand = trained.ByHand(conv, *np.float32(best))
    return {
        "filter.W": conv.W[0, 0],
        "filter.b": conv.b,
        "shear": np.array(best, np.float32),
        "mistakes.hand": translation.mistakes(lambda x, c: hand(x, *c)).astype(np.float16),
    }


def steeper(conv, x, y):
    """The filter taken further down, in L1 after the clip to paper and ink: as in the chapter."""
    rng, opt = np.random.default_rng(0), dl.Adam(0.01)
    for alpha in np.geomspace(0.01, 0.001, 500):
        i = rng.integers(0, len(x), 32)
        z, cache = conv.forward(x[i])
        dz = np.sign(z - y[i]) * ((z > 0) & (z < 1)) / z.size
        opt.alpha = alpha
        opt.step(conv.params, conv.backward(dz, cache, need_dx=False)[1])
    return conv


def mistakes(name, G):
    """How far every letter of the fonts in the figure is from the true one."""
    found = translation.mistakes(lambda x, c: translation.translated(G, x, c))
    return {f"mistakes.{name}": found.astype(np.float16)}


def how_good(G, fonts):
    """(2, 3): for bold and for italic, over all letters of `fonts`, L1, the share of the true ink,
    and how sharp the edges are."""
    x, found = fonts.x[:, 0].reshape(-1, 32, 32), []
    for k, c in enumerate(CONDITIONS[1:], 1):
        made, true = translation.translated(G, x, c), fonts.x[:, k].reshape(x.shape)
        of_l1 = translation.l1(made, true).mean()
        found.append((of_l1, made.sum() / true.sum(), style.sharpness(made)))
    return np.array(found, np.float32)


if __name__ == "__main__":
    main()
