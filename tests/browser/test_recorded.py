"""A live figure before Python is there, and when Python can't be."""

import json
from fnmatch import fnmatch

import pytest

from dlcore.labs import LABS

WORKERS = (
    "performance.getEntriesByType('resource').filter(r => r.name.includes('worker.js')).length"
)


def test_the_recorded_run_moves_within_a_second(visit_lab):
    seen = visit_lab()
    seen.until("state == 'recorded' && step > 0", timeout=1000)
    before = seen.step
    seen.until(f"step > {before}", timeout=1000)
    assert seen.page.evaluate(WORKERS) == 0  # nothing of Python was asked for


def remove(path):
    path.unlink()


def cut_off(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swapped(data):
    """The same bytes but for 64 in the middle."""
    middle = len(data) // 2
    return data[:middle] + bytes(64) + data[middle + 64 :]


def swap_bytes(path):
    path.write_bytes(swapped(path.read_bytes()))


BROKEN = {  # a file of the runtime: what comes instead, and what is said about it
    "numpy-*.whl": (lambda data: None, "404"),
    "pyodide.asm.wasm.gz": (lambda data: data[: len(data) // 2], "damaged"),
    "python_stdlib.zip": (lambda data: swapped(data), "damaged"),
    "pyodide.asm.js.gz": (lambda data: swapped(data), "damaged"),
}


def test_a_broken_runtime_is_named_and_can_be_tried_again(visit_lab, book):
    """Each file in turn; the last try, with all of them whole, goes live."""
    broken = {}

    def give(route):
        name = route.request.url.rsplit("/", 1)[1]
        damage = next((d for f, d in broken.items() if fnmatch(name, f)), None)
        if damage is None:
            return route.continue_()
        data = damage(next(book.rglob(name)).read_bytes())
        return route.fulfill(status=404) if data is None else route.fulfill(body=data)

    seen = visit_lab(prepare=lambda page: page.context.route("**/pyodide-*/*", give))
    for file, (damage, said) in BROKEN.items():
        broken |= {file: damage}
        seen.button("Go live").click()
        seen.until("state == 'failed'", seen.LOADING)
        assert next(book.rglob(file)).name in seen.message()
        assert said in seen.message()
        seen.play(False)
        step = seen.step
        seen.play()
        seen.until(f"step != {step}")  # the recording still plays
        broken.clear()
    seen.go_live()


def another(path):
    """The recording of another lab, whole."""
    others = [other for other in path.parent.glob("*.rec") if other != path]
    path.write_bytes(others[0].read_bytes())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (remove, "the server answered 404"),
        (cut_off, "the file is damaged"),
        (swap_bytes, "the file is damaged"),
        (another, "the file is damaged"),
    ],
)
def test_without_its_recording_a_figure_says_why_and_can_go_live(
    visit_lab, broken_site, damage, said
):
    address, folder = broken_site
    path = next(folder.rglob("mlp.*.rec"))
    damage(path)
    seen = visit_lab(site=address)
    assert f"{path.name}: {said}" in seen.message()
    assert "\n" not in seen.message()
    assert seen.button("Go live").is_visible()


def test_a_recording_of_another_figure_is_not_played(visit_lab, broken_site):
    address, folder = broken_site
    path = next(folder.rglob("manifest.json"))
    manifest = json.loads(path.read_text())
    recordings = manifest["recordings"]
    other = next(name for name in recordings if name != "mlp")
    recordings["mlp"] = recordings[other]
    path.write_text(json.dumps(manifest))
    said = visit_lab(site=address).message()
    assert f'the file is a recording of "{other}", not of "mlp"' in said


def test_without_its_recording_and_the_matrix_product_a_figure_goes_live_all_the_same(
    visit_lab, broken_site
):
    """With what the address asks for, and NumPy multiplies."""
    address, folder = broken_site
    next(folder.rglob("mlp.*.rec")).unlink()
    next(folder.rglob("sgemm.*.wasm")).write_bytes(b"not WebAssembly")
    seen = visit_lab("#lab=mlp&seed=3&alpha=0.1", site=address).go_live()
    assert seen.script("lab => lab.model.engine.speed") == "numpy"
    seen.wait_for("lab.values.alpha === 0.1")
    assert seen.script("lab => lab.seed") == 3
    seen.play(False)
    step = seen.step
    seen.button("Step").click()
    seen.until(f"step == {step + 1}")
    seen.play()
    seen.until(f"step > {step + 20}")


def test_a_recording_that_was_damaged_on_its_way_is_fetched_once_more(visit_lab):
    asked = []

    def damage_the_first(route):
        asked.append(route.request.url)
        if len(asked) == 1:
            route.fulfill(body=b"not a recording")
        else:
            route.continue_()

    seen = visit_lab(prepare=lambda page: page.route("**/mlp.*.rec", damage_the_first))
    assert seen.state == "recorded"
    assert len(asked) == 2
    seen.until("step > 0")


FAILING_WORKER = """
    window.boots = [];
    window.Worker = class {
        postMessage(message) {
            if (message.op === 'boot') boots.push(message.again);
            const answer = message.op === 'boot' ? { op: 'ready', speed: 'numpy', times: {} }
                : { op: 'failed', note: 'Python stopped: out of memory' };
            setTimeout(() => this.ended || this.onmessage({ data: answer }));
        }
        terminate() { this.ended = true; }
    };
"""


def test_a_python_that_stops_again_and_again_is_given_up(visit_lab):
    seen = visit_lab(prepare=lambda page: page.add_init_script(FAILING_WORKER))
    for boots in (3, 6):  # Go live tries again
        seen.button("Go live").click()
        seen.page.wait_for_function(f"boots.length === {boots}")
        seen.until("state == 'failed'")
        assert "Python stopped again and again (out of memory)" in seen.message()
        assert seen.page.evaluate("boots") == [False] * boots  # no file was damaged


LISTENING_WORKER = """
    window.heard = [];
    window.Worker = class {
        postMessage(message) {
            heard.push(message);
            if (message.op !== 'boot') return;
            setTimeout(() => this.onmessage({ data: { op: 'ready', speed: 'numpy', times: {} } }));
        }
        terminate() {}
    };
"""


@pytest.mark.parametrize("case", ["too few units", "it fits the noise"])
def test_a_case_brings_its_settings_and_a_link_those_that_were_moved_since(visit_lab, case):
    """What stood there before must not overrule what the case says."""
    seen = visit_lab(
        page="chapters/ann/regression.html",
        name="curve-fit",
        prepare=lambda page: page.add_init_script(LISTENING_WORKER),
    )
    seen.control("case").select_option(case)
    seen.page.wait_for_function("() => heard.some(({ op }) => op === 'open')")
    assert seen.playing == "false"  # the recording is of another case
    (opened,) = seen.page.evaluate("() => heard.filter(({ op }) => op === 'open')")
    begun = LABS["curve-fit"](opened["seed"], **opened["values"])
    assert begun.values == LABS["curve-fit"](case=case).values
    wanted = begun.values | {"units": 8}  # put back to what it is without the case
    link = seen.script("(lab, values) => lab.model.share(lab.seed, values)", wanted)
    seen = visit_lab(
        page="chapters/ann/regression.html",
        name="curve-fit",
        hash=link[link.index("#") :],
        prepare=lambda page: page.add_init_script(LISTENING_WORKER),
    )
    seen.button("Go live").click()
    seen.page.wait_for_function("() => heard.some(({ op }) => op === 'open')")
    (opened,) = seen.page.evaluate("() => heard.filter(({ op }) => op === 'open')")
    assert LABS["curve-fit"](opened["seed"], **opened["values"]).values == wanted
