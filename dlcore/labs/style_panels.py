"""What the lab `style` shows: a line of letters, one of them, the training, all fonts."""

from . import panels
from .style_controls import FONTS, SHOTS
from .trained import STYLE_STEPS

COLUMNS = ["regular", "network", "by hand", "true"]
NET, HAND, LEVEL = "s2", "s1", "ink2"
ENDINGS = [("gan", "D", NET), ("plain", "L1", "s3"), ("squares", "sq.", "b")]
SHORT = {
    "Liberation Serif": "Lib.Serif", "Fantasque Sans Mono": "Fantasq.", "Clear Sans": "Clear S.",
    "Noto Serif": "Noto Ser.", "DejaVu Sans Mono": "DejaVu M.",
}  # fmt: skip


def style_panels():
    bar = {"bars": True, "lo": 0, "hi": 0.08}
    return [
        panels.formula("notice", "what to notice", 12, data="notice", lines=3),
        panels.images("line", "your text", 7, data="line", columns=1, captions="line_captions"),
        panels.table("numbers", "L1 to the true ones; ink, sharpness", 5, corner="measure",
                     columns=[{"data": f"column_{k}", "label": way}
                              for k, way in enumerate(COLUMNS)],
                     rows=["L1: letter", "L1: text", "L1: font", "ink", "sharpness"]),
        panels.tokens("letters", "L1 of each letter, up to 0.08; click one", 12, data="letters",
                      sel="at", event="choose",
                      rows=[{"data": "l1_net", "label": "network", "color": NET, **bar},
                            {"data": "l1_hand", "label": "by hand", "color": HAND, **bar}]),
        four("letter", "one letter", color="grey", captions="ways"),
        four("differences", "too much ink (blue), too little", color="div", lo=-1,
             captions="l1_captions"),
        four("beliefs", "D's belief that it is the true one, by patches", color="seq", lo=0.2,
             hi=0.8, captions="d_captions"),
        four("signals", "what the losses ask for: more ink (blue), less", color="div", lo=-1,
             captions="signal_captions"),
        panels.images("film", "the training, step by step, and its three endings", 12,
                      data="film", columns=SHOTS, color="grey", captions="film_captions",
                      sel="shot", chosen="shot", tell=True),
        over_training("l1", "L1 on fonts never seen", "by hand", "as it is"),
        over_training("ink", "ink: share of the true", "true"),
        over_training("sharp", "how sharp edges are", "true"),
        panels.heatmap("gain", "letters of ten fonts: nearer than by hand is blue", 12,
                       data="gain", color="div", most="gain_most", row_height=14, axis="gain",
                       rows=[SHORT.get(name, name) for name in FONTS.values()],
                       sel=["glyph", "family"], tell=True),
    ]  # fmt: skip


def four(name, title, **keys):
    """The same letter in all four ways."""
    return panels.images(name, title, 6, data=name, columns=4, **keys)


def over_training(what, title, *levels):
    """Lines over the moments of the training, and `levels`, of what does not learn."""
    line = panels.line
    series = [
        *[
            line(f"{what}_{game}", label, color=color, width=2, dash=game != "gan")
            for game, label, color in ENDINGS
        ],
        *[line(f"{what}_{k}", label, color=LEVEL, dash=True) for k, label in enumerate(levels)],
    ]
    return panels.lines(what, title, 4, height=130, over="moment", sel=["moment"],
                        tokens=[f"{t:,}" for t in STYLE_STEPS], series=series)  # fmt: skip
