"""The Python side of the page's code cells, without a browser."""

import asyncio
import base64
import io
import os
import warnings
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from web.ext.cells import needs
from web.ext.policy import fingerprint, handlers_of, with_policy
from web.page.cells import code, display, errors
from web.page.cells.kernel import Kernel, short_warning
from web.page.cells.streams import AT_ONCE, MOST, Stream


class Heard(list):
    """The messages of a kernel, and cells run in it one after the other."""

    def __init__(self):
        self.kernel = Kernel({"__name__": "__main__"}, self.append)

    def run(self, source, cell=1):
        self.clear()
        with ThreadPoolExecutor(1) as thread:  # in this one, a browser's loop may be running
            thread.submit(asyncio.run, self.kernel.run(cell, source)).result()
        *_, done = self
        assert done["op"] == "done"
        return done["error"]

    def printed(self, name="stdout"):
        return "".join(m["text"] for m in self if m["op"] == "stream" and m["name"] == name)

    def shown(self):
        return [m["bundle"] for m in self if m["op"] == "display"]


@pytest.fixture
def heard():
    return Heard()


def test_the_kernel_leaves_the_drawing_of_others_alone():
    """Notebooks run in processes that may have started from this one."""
    assert "MPLBACKEND" not in os.environ


# ---- running


def test_the_value_of_the_last_line_is_shown(heard):
    assert heard.run("x = 40\nx + 2") is None
    assert heard.shown() == [{"text/plain": "42"}]


@pytest.mark.parametrize("source", ["", "# nothing", "x = 1", "1;", "1; # quiet\n", "None"])
def test_cells_without_a_value_show_none(heard, source):
    assert heard.run(source) is None
    assert heard.shown() == []


def test_cells_share_their_names(heard):
    heard.run("def double(n):\n    return 2 * n", cell=1)
    heard.run("double(21)", cell=2)
    assert heard.shown() == [{"text/plain": "42"}]
    heard.run("_ + 1", cell=3)
    assert heard.shown() == [{"text/plain": "43"}]


def test_await_stands_at_the_top(heard):
    assert heard.run("import asyncio\nawait asyncio.sleep(0, 'slept')") is None
    assert heard.shown() == [{"text/plain": "'slept'"}]


def test_display_keeps_the_order_of_the_program(heard):
    heard.run("print('first')\ndisplay(2, 3)\nprint('last', end='')\n4")
    order = [m.get("text") or m["bundle"]["text/plain"] for m in heard[:-1]]
    assert "".join(order) == "first\n23last4"


def test_what_a_cell_redirects_is_put_back(heard):
    import sys

    before = sys.stdout, sys.stderr, warnings.formatwarning
    heard.run("1 / 0")
    assert (sys.stdout, sys.stderr, warnings.formatwarning) == before


def test_input_says_what_to_do(heard):
    assert "write the value into the code" in heard.run("input('name?')")["message"]


def test_a_warning_names_the_cell_and_the_line():
    file = code.file_name(7, run=2)
    assert short_warning("steep", UserWarning, file, 2) == "cell 7, line 2: UserWarning: steep\n"
    assert short_warning("steep", UserWarning, "x.py", 2) == "UserWarning: steep\n"


@pytest.mark.parametrize(
    ("source", "drawn"),
    [
        ("from dlcore import data, plots", True),
        ("import dlcore.plots as p", True),
        ("import numpy\nimport matplotlib.pyplot as plt", True),
        ("from matplotlib.pyplot import plot", True),
        ("def f():\n    import matplotlib", True),
        ("from dlcore import data", False),
        ("plots = 'import matplotlib'", False),
        ("import (", False),
    ],
)
def test_a_cell_that_draws_is_known_by_its_imports(source, drawn):
    assert code.draws(source) is drawn


# ---- errors


def test_an_error_has_the_lines_of_cells_and_no_others(heard):
    heard.run("import json\ndef read(text):\n    return json.loads(text)", cell=2)
    error = heard.run("a = 1\n\nread('{')\nb = 2\nc = 3\nd = 4", cell=5)
    assert error["kind"] == "JSONDecodeError"
    assert [(p["cell"], p["line"]) for p in error["places"]] == [(5, 3), (2, 3)]
    assert error["places"][0]["first"] == 1
    assert error["places"][0]["lines"] == ["a = 1", "", "read('{')", "b = 2", "c = 3"]


def test_a_cell_that_was_edited_since_still_shows_the_line_that_ran(heard):
    heard.run("def f():\n    return 1 / 0", cell=1)
    f = heard.kernel.namespace["f"]
    heard.run("x = 'another text'\ny = 2", cell=1)
    heard.kernel.namespace["g"] = f
    error = heard.run("g()", cell=2)
    assert error["places"][1]["lines"] == ["def f():", "    return 1 / 0"]


def test_a_syntax_error_has_a_column(heard):
    error = heard.run("x = 1\ny = )", cell=3)
    (place,) = error["places"]
    assert (error["kind"], place["cell"], place["line"], place["column"]) == (
        "SyntaxError",
        3,
        2,
        5,
    )


def test_endless_recursion_is_told_in_a_few_lines(heard):
    error = heard.run("def f(n):\n    return f(n + 1)\nf(0)")
    assert error["kind"] == "RecursionError"
    assert len(error["places"]) == errors.MOST_LINES
    assert error["left_out"] > 100


def test_a_missing_name_is_named(heard):
    assert heard.run("split = weights")["missing"] == "weights"
    assert heard.run("1 / 0")["missing"] is None


def test_a_missing_module_says_what_there_is(heard):
    assert "does not run in the page" in advice("torch")
    assert "NumPy" in advice("pandas")
    assert heard.run("1 / 0")["advice"] is None


def advice(module):
    return errors.advice(ModuleNotFoundError(name=module))


def test_the_cause_of_an_error_is_told_unless_it_is_kept_back(heard):
    program = "try:\n    1 / 0\nexcept ZeroDivisionError as e:\n    raise ValueError('x') from {}"
    assert heard.run(program.format("e"))["cause"] == "ZeroDivisionError: division by zero"
    assert heard.run(program.format("None"))["cause"] is None


@pytest.mark.parametrize("stop", ["exit()", "raise SystemExit(3)", "raise KeyboardInterrupt"])
def test_nothing_that_a_cell_raises_ends_the_kernel(heard, stop):
    assert heard.run(f"import sys\n{stop}".replace("exit()", "sys.exit()")) is not None
    assert heard.run("1 + 1") is None


def test_an_error_that_cannot_be_printed_is_told_all_the_same(heard):
    program = "class Bad(Exception):\n    def __str__(self):\n        raise TypeError\nraise Bad"
    assert heard.run(program)["message"] == "(its message cannot be printed)"
    assert len(heard.run("raise ValueError('x' * 100_000)")["message"]) < 5_000


# ---- what is printed


def streamed(clock=lambda: 0):
    lots, ends = [], []
    return Stream(lots.append, lambda count, tail: ends.append((count, tail)), clock), lots, ends


def test_the_first_lines_are_passed_on_at_once():
    stream, lots, _ = streamed()
    stream.write("epoch 1\n")
    stream.write("epoch 2\n")
    assert lots == ["epoch 1\n", "epoch 2\n"]


def test_many_lines_are_passed_on_in_lots():
    stream, lots, ends = streamed()
    for k in range(10_000):
        stream.write(f"{k}\n")
    stream.finish()
    assert "".join(lots) == "".join(f"{k}\n" for k in range(10_000))
    assert len(lots) <= AT_ONCE + 1
    assert ends == []


def test_of_megabytes_the_beginning_and_the_end_remain():
    now = iter(range(10**9))
    stream, lots, ends = streamed(lambda: next(now))
    text = "".join(f"{k:7d}\n" for k in range(100_000))
    for k in range(0, len(text), 80):
        stream.write(text[k : k + 80])
    stream.finish()
    count, tail = ends[-1]
    assert "".join(lots) == text[:MOST]
    assert text.endswith(tail)
    assert MOST + count + len(tail) == len(text)


def test_a_new_run_has_its_own_room():
    stream, lots, _ = streamed()
    stream.write("x" * (MOST + 1))
    stream.finish()
    stream.write("new\n")
    assert lots[-1] == "new\n"


def test_only_text_is_printed():
    with pytest.raises(TypeError, match="expected text, got bytes"):
        streamed()[0].write(b"x")


# ---- values


class Page:
    def _repr_html_(self):
        return "<b>page</b>"

    def __repr__(self):
        return "a page"


class Bundle:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"application/x": {"n": 1}}, {"metadata": 1}


def test_values_offer_their_forms():
    assert display.bundle(Page()) == {"text/html": "<b>page</b>", "text/plain": "a page"}
    assert display.bundle(Bundle())["application/x"] == {"n": 1}
    assert display.bundle(Page) == {"text/plain": repr(Page)}


def test_a_long_collection_is_broken_into_lines():
    text = display.bundle({f"name {k}": k for k in range(20)})["text/plain"]
    assert text.splitlines()[1] == " 'name 1': 1,"


def test_a_value_of_megabytes_is_cut():
    text = display.bundle("x" * 5_000_000)["text/plain"]
    assert len(text) < display.MOST + 100
    assert "are left out" in text


def test_pictures_travel_as_text():
    class Dot:
        def _repr_png_(self):
            return b"\x89PNG"

    assert base64.b64decode(display.bundle(Dot())["image/png"]) == b"\x89PNG"


def test_figures_appear_after_their_cell(heard):
    import matplotlib.pyplot as plt

    before = plt.get_backend()
    plt.switch_backend("module://web.page.cells.figures")
    try:
        heard.run(
            "import matplotlib.pyplot as plt\nplt.plot([1, 2], label='train')\n"
            "plt.xlabel('step'); plt.ylabel('J');\nprint('drawn')"
        )
        (picture,) = heard.shown()
        assert heard[-2]["op"] == "display"
        with Image.open(io.BytesIO(base64.b64decode(picture["image/png"]))) as image:
            assert image.width > 300
        assert picture["text/plain"] == "Figure. J against step with train."
        assert plt.get_fignums() == []
        heard.run("plt.plot([1]); plt.show()\nprint('after')")
        assert [m["op"] for m in heard] == ["display", "stream", "stream", "done"]
    finally:
        plt.switch_backend(before)


# ---- what the page does not have


def test_cells_that_import_torch_and_those_that_use_them_are_known():
    first, second, third, fourth = needs(
        [
            "import numpy as np\nx = np.ones(3)",
            "import numpy as np\nimport torch\ntwin = torch.tensor(x)",
            "print(twin.sum())",
            "x = np.ones(2)\nprint(x)",
        ]
    )
    assert first == {}
    assert (second["needs"], third["needs"]) == ("torch", "twin")
    assert "twin" in second["makes"]
    assert "np" not in second["makes"]
    assert fourth == {}


def test_a_name_that_is_made_again_is_no_longer_missing():
    sources = ["import torch\nscore = torch.ones(1)", "score = 1", "print(score)"]
    assert needs(sources)[2] == {}


# ---- the policy

HEAD = '<html><head>\n    <meta charset="utf-8" />\n    {}</head><body>{}</body></html>'


def test_scripts_in_the_page_are_allowed_by_their_hashes_and_data_are_none():
    page = HEAD.format(
        "<script>let a = 1;</script>",
        '<script src="x.js"></script><script type="application/json">{}</script>'
        "<button onclick=\"go('x')\">Go</button>",
    )
    policed = with_policy(page, handlers_of(page))
    rule = policed.split("script-src ")[1].split('"')[0]
    assert fingerprint("let a = 1;") in rule
    assert fingerprint("go('x')") in rule
    assert "'unsafe-hashes'" in rule
    assert rule.count("sha256-") == 2
    assert "'unsafe-inline'" not in rule
    assert "unsafe-eval" not in rule.replace("wasm-unsafe-eval", "")


def test_a_page_has_one_policy_however_often_it_is_given():
    page = with_policy(HEAD.format("<script>1</script>", ""), ["go()"])
    assert with_policy(page, ["go()"]) == page
    assert page.index("charset") < page.index("Content-Security-Policy") < page.index("<script>")
