"""The lab `speech`: the words held out, what can be done to a sound, and what is asked about it.

A word is an array (T, 13), a row for each frame.
"""

from functools import lru_cache

import numpy as np

from .. import data

PAUSE = 10  # frames of silence before or after a word
NOWHERE, FIRST, SECOND, BEFORE, AFTER = (
    "nowhere",
    "first half",
    "second half",
    "before it",
    "after it",
)
SILENCES = (NOWHERE, FIRST, SECOND, BEFORE, AFTER)
AT_ONCE = 100  # words that networks hear side by side
GAP = 1  # frames on either side of one that are silent with it


@lru_cache(maxsize=1)
def held_out():
    """The 600 words that were held out, a tuple, and their digits (600,)."""
    x, mask, y = data.spoken_digits("test")
    return tuple(x[:length, k] for k, length in enumerate(mask.sum(0))), y


@lru_cache(maxsize=1)
def quiet():
    """A silent frame (13,)."""
    return data.silent_frame()


def changed(words, *, part=1.0, tempo=1.0, backwards=False, silence=NOWHERE, noise=0.0, rng):
    """Words as they are heard: cut off after a `part` of each, played at a `tempo`, backwards, with
    `silence` somewhere, and over all of it normal noise of this standard deviation.
    """
    words = [word[: max(1, round(part * len(word)))] for word in words]
    if tempo != 1:
        words = [at_tempo(word, tempo) for word in words]
    if backwards:
        words = [word[::-1] for word in words]
    if silence != NOWHERE:
        words = [with_silence(word, silence) for word in words]
    if noise:
        scale = np.float32(noise)
        words = [word + scale * rng.standard_normal(word.shape, np.float32) for word in words]
    return words


def at_tempo(word, tempo):
    """Fewer frames, or more, each between the two that are nearest to its time."""
    at = np.linspace(0, len(word) - 1, max(1, round(len(word) / tempo)))
    before = np.floor(at).astype(np.intp)
    after, share = np.minimum(before + 1, len(word) - 1), (at - before)[:, None].astype(np.float32)
    return (1 - share) * word[before] + share * word[after]


def with_silence(word, where):
    """A word with silence in the place of a half of it, or before or after it."""
    if where in (BEFORE, AFTER):
        pause = np.tile(quiet(), (PAUSE, 1))
        return np.concatenate([pause, word] if where == BEFORE else [word, pause])
    word, half = word.copy(), (len(word) + 1) // 2
    word[slice(None, half) if where == FIRST else slice(half, None)] = quiet()
    return word


def with_gaps(word):
    """A word (T, 13) as many times as it has frames, side by side, (T, T, 13): copy n is silent at
    frame n and at its neighbours.
    """
    frames = np.arange(len(word))
    silent = np.abs(frames[:, None] - frames) <= GAP
    return np.where(silent[:, :, None], quiet(), word[:, None])


def answers(net, words):
    """What `net` says after each word, (words,): they are heard in groups of like lengths."""
    lengths = np.array([len(word) for word in words])
    order, said = np.argsort(lengths, kind="stable"), np.empty(len(words), np.intp)
    for start in range(0, len(words), AT_ONCE):
        group = order[start : start + AT_ONCE]
        x, _ = data.pad([words[k] for k in group])
        z = net(x)
        said[group] = z[lengths[group] - 1, np.arange(len(group))].argmax(1)
    return said


def log_odds(z, k):
    """log(p / (1 - p)) for p = softmax(z)[k], of logits z (10,), and its gradient (10,).

    Unlike that of log p, the gradient does not get small where p is near 1; it is the same but for
    a factor 1 - p.
    """
    others = np.delete(z, k)
    top = others.max()
    share = np.exp(others - top)
    return z[k] - top - np.log(share.sum()), np.insert(-share / share.sum(), k, 1)
