"""The audit of `five`: the gradients of all six networks beside central differences."""

from types import SimpleNamespace

import numpy as np

from .. import losses
from ..gan import non_saturating
from . import gan_audit
from .audit import audit as audit_of
from .five_nets import READERS
from .five_panels import SHORT

AUDITED, PLACES = 8, 20  # training digits; places of each array that are tried


def audit(lab):
    """Tables of `labs.audit`, one below the other: the four that read, then D and G."""
    x, y = lab.x[:AUDITED], lab.y[:AUDITED]
    found = {
        SHORT[name]: audit_of(lab.nets[name], lab.given(name, x), y, cross_entropy,
                              of=f"the first {len(x)} training digits", most=PLACES)
        for name in READERS
    }  # fmt: skip
    rows = [[f"{net}: {name}", *rest] for net, table in found.items()
            for name, *rest in table["rows"]]  # fmt: skip
    players = SimpleNamespace(G=lab.G, D=lab.D)
    game = gan_audit.audit(
        SimpleNamespace(game=players, loss=non_saturating, z_shown=lab.z, real=lab.x, thing="digit")
    )
    text = " ".join(f"{net}: {table['text']}" for net, table in found.items())
    return {
        "columns": game["columns"],
        "rows": rows + game["rows"],
        "text": f"{text} {game['text']}",
    }


def cross_entropy(z, y):
    return losses.cross_entropy(z, y.astype(np.intp))
