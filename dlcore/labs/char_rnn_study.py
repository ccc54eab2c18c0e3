"""The lab `char-rnn`: the names that every frame looks at, and what is known of them beforehand."""

from functools import lru_cache
from types import SimpleNamespace

import numpy as np

from .char_rnn_names import ONE_HOT, asked_of, counted, laid_out

FEW = 97  # names to learn from whose loss is shown
FAR = 7  # symbols that are looked back over: "·" and six letters


@lru_cache(maxsize=8)
def study(train, held_out):
    """Of names to learn from and names held out, two tuples of text:

    laid, baselines    `train` side by side, and nats a character by counting in it
    tested             how many of those held out every frame judges: every fourth
    x, y, there        FEW names of `train` and these; y only where it is there
    is_test, groups    of every y: is it of a name held out? And of these the last letter, the one
                       before it, and the place in the name
    far                FAR symbols of longer names held out, and the next one
    """
    laid, test = laid_out(train), held_out[::4]
    few = train[:: max(1, len(train) // FEW)][:FEW]
    x, y, there = asked_of(laid_out(few + test))
    is_test = np.broadcast_to(np.arange(x.shape[1]) >= len(few), x.shape)[there]
    before = np.concatenate([np.zeros_like(x[:1]), x[:-1]])
    places = np.broadcast_to(np.arange(len(x))[:, None], x.shape)
    far = laid_out([name for name in held_out if len(name) >= FAR - 1][::FAR]).ids
    return SimpleNamespace(
        laid=laid,
        baselines=counted(laid, laid_out(test)),
        tested=len(test),
        x=ONE_HOT[x],
        y=y[there],
        there=there,
        is_test=is_test,
        groups=[a[there][is_test] for a in (x, before, places)],
        far=(far[:FAR], far[FAR]),
    )
