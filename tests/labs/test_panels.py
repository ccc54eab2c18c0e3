"""Panels: a declaration with a wrong key is refused where it is written."""

import json

import pytest

from dlcore.labs import panels

KINDS = {
    panels.heatmap: {"data": "f", "color": "seq", "lo": 0, "hi": 1, "sel": ["t", "unit"]},
    panels.images: {"data": "x", "columns": 4},
    panels.bars: {"items": [{"data": "js", "label": "Jensen–Shannon", "max": 0.7}]},
    panels.table: {"columns": [{"data": "f", "label": "f"}], "sel": ["t", "unit"]},
    panels.tokens: {"data": "text", "axis": "t", "sel": "t"},
    panels.editable: {"data": "w", "color": "div", "lo": -2, "hi": 2, "event": "kernel"},
    panels.formula: {"data": "sum"},
    panels.products: {
        "sums": [
            panels.sum_of("z", name="z", title="z", left="x", right="W", places="see", plus="b")
        ],
        "sel": "part",
    },
    panels.graph: {
        "nodes": [["x₁", "x₂"], ["ŷ"]],
        "edges": [[0, 2], [1, 2]],
        "weights": "W",
        "lit": "lit",
        "node_lines": [panels.part_line("a", "a", "ink")],
        "edge_lines": [],
    },
    panels.stages: {"names": ["forward", "backward"], "data": "stage"},
    panels.lines: {"series": [panels.line("f", "f", color="s1")], "over": "t"},
    panels.histogram: {"data": "h", "lo": -6, "hi": 0, "rows": ["1"], "colors": ["g1/1"]},
    panels.maps: {
        "groups": [panels.tiles("x", "dx", "x", name="image {n}"), panels.tiles("W", "dW", "W")],
        "scales": "scales",
        "views": ["values", "gradients"],
    },
    panels.network: {"sizes": [2, 1], "views": []},
    panels.plane: {"extent": [-1, 1, -1, 1], "axes": ["x₁", "x₂"], "layers": []},
}


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_a_panel_is_a_plain_dict_with_the_keys_given(kind):
    panel = kind("p", "a panel", 6, **KINDS[kind])
    assert json.loads(json.dumps(panel)) == panel
    assert (
        panel == {"kind": kind.__name__, "name": "p", "title": "a panel", "span": 6} | KINDS[kind]
    )


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_unknown_key_and_a_missing_key_are_type_errors(kind):
    with pytest.raises(TypeError, match=f"^{kind.__name__} 'p': colour is unknown$"):
        kind("p", "a panel", 6, colour="a", **KINDS[kind])
    with pytest.raises(TypeError, match=f"^{kind.__name__} 'p': .* is missing"):
        kind("p", "a panel", 6)


def test_tiles_of_maps():
    assert panels.tiles("x", "dx", "x") == {"data": "x", "grad": "dx", "label": "x"}
    with pytest.raises(TypeError, match=r"^tiles 'x': colour is unknown$"):
        panels.tiles("x", "dx", "x", colour="grey")


def test_layers_of_a_plane():
    assert panels.field("p", lo=0, hi=1) == {"layer": "field", "data": "p", "lo": 0, "hi": 1}
    assert panels.points("x", color="a")["layer"] == "points"
    assert panels.arrows("x", vectors="g", color="grad", scale=0.3)["vectors"] == "g"
    assert panels.path("x", color="a")["layer"] == panels.mesh("x", color="a")["layer"].replace(
        "mesh", "path"
    )
    family = panels.curves("parts", x="places", color="div", sel="unit", first=1)
    assert (family["layer"], family["x"], family["first"]) == ("curves", "places", 1)
    with pytest.raises(TypeError, match=r"^curves 'p': x is missing$"):
        panels.curves("p", color="a")
    style = panels.box_style("kept", "s3", dash="dashed")
    assert style == {"label": "kept", "color": "s3", "dash": "dashed"}
    kept = panels.boxes("b", kinds="k", styles=[style], tags="t")
    assert (kept["layer"], kept["kinds"], kept["tags"]) == ("boxes", "k", "t")
    assert panels.picture("x", color="grey")["layer"] == "picture"
    with pytest.raises(TypeError, match=r"^boxes 'b': styles is missing$"):
        panels.boxes("b", kinds="k")
    with pytest.raises(TypeError, match=r"^box_style 'kept': size is unknown$"):
        panels.box_style("kept", "s3", size=2)
    with pytest.raises(TypeError, match=r"^field 'p': hi is missing$"):
        panels.field("p", lo=0)
