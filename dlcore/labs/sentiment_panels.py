"""What the lab `sentiment` shows: verdicts, effects of words, other orders, states and gates."""

from . import panels

HEIGHT = 7  # px of a unit's row


def sentiment_panels():
    at = ["t", "unit"]
    line, effect = panels.line, {"color": "div", "most": "most"}
    return [
        panels.formula("notice", "what to notice", 12, data="notice", lines=2),
        panels.lines(
            "verdict", "P(praise) so far: LSTM solid, bag dashed", 12, height=150,
            over="t", axis="t", sel=["t"], tokens="words", lo=0, hi=1, percent=True,
            refs=[{"y": 0.5, "label": ""}],
            series=[line("after", "LSTM", color="s2", width=2),
                    line("after_bag", "bag", color="s3", dash=True)],
        ),
        panels.table(
            "effects", "what each word does to the logit", 7, rows="words", corner="word", sel="t",
            height=300, rowspan=3,
            columns=[{"data": "change", "label": "as it comes", **effect},
                     {"data": "without", "label": "at the end", **effect},
                     {"data": "lean", "label": "by gradient", **effect},
                     {"data": "weight", "label": "in the bag", **effect}],
        ),
        panels.formula("verdicts", "the verdicts", 5, data="verdicts", lines=2),
        panels.plane(
            "orders", "40 other orders", 5, extent=[0, 1, 0, 1], height=104, toggles=True,
            axes=["P(praise)", ""],
            layers=[panels.points("orders", color="s2", marker="ring", label="LSTM"),
                    panels.path("mine", color="s2", head=False, width=2, label="this order"),
                    panels.path("bag", color="s3", head=False, dash=True, label="bag")],
        ),
        panels.formula("about", "the chosen word", 5, data="about", sel="t", sel_data="about",
                       who="the word", lines=3),
        panels.heatmap("tiles", "24 units of the LSTM, top to bottom", 12, data="tiles",
                       color="div", most="tiles_most", axis="t", sel=at, row_height=HEIGHT),
        panels.lines(
            "unit", "unit {unit} over the words", 12, height=130, over="t", axis="t", sel=at,
            tokens="words",
            series=[line("c", "c", color="ink", width=2), line("h", "h", color="ink", dash=True),
                    line("f", "f", color="s2"), line("i", "i", color="s3", dash=True),
                    line("o", "o", color="s1", dash=True)],
        ),
    ]  # fmt: skip
