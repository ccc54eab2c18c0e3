"""A live figure before Python is there, and when Python can't be."""

import pytest

WORKERS = (
    "performance.getEntriesByType('resource').filter(r => r.name.includes('worker.js')).length"
)


def test_the_recorded_run_moves_within_a_second(visit_lab):
    seen = visit_lab()
    seen.until("state == 'recorded' && step > 0", timeout=1000)
    before = seen.step
    seen.until(f"step > {before}", timeout=1000)
    assert seen.page.evaluate(WORKERS) == 0  # nothing of Python was asked for


def test_with_reduced_motion_it_waits_for_play(visit_lab):
    seen = visit_lab(reduced_motion="reduce")
    seen.page.wait_for_timeout(1000)
    assert (seen.state, seen.playing, seen.step) == ("recorded", "false", 0)
    seen.play()
    seen.until("step > 0", timeout=1000)


def remove(path):
    path.unlink()


def cut_off(path):
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def swap_bytes(path):
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 64] = bytes(64)
    path.write_bytes(data)


@pytest.mark.parametrize(
    ("file", "damage", "said"),
    [
        ("numpy-*.whl", remove, "404"),
        ("pyodide.asm.wasm.gz", cut_off, "damaged"),
        ("python_stdlib.zip", swap_bytes, "damaged"),
        ("pyodide.asm.js.gz", swap_bytes, "damaged"),
    ],
)
def test_a_broken_runtime_is_named_and_can_be_tried_again(
    visit_lab, broken_site, file, damage, said
):
    address, folder = broken_site
    path = next(folder.rglob(file))
    whole = path.read_bytes()
    damage(path)

    seen = visit_lab(site=address)
    seen.button("Go live").click()
    seen.until("state == 'failed'", seen.LOADING)
    assert path.name in seen.message()
    assert said in seen.message()

    seen.play(False)
    step = seen.step
    seen.play()
    seen.until(f"step != {step}")  # the recording still plays

    path.write_bytes(whole)
    seen.go_live()


def test_without_the_matrix_product_numpy_multiplies(visit_lab, broken_site):
    address, folder = broken_site
    next(folder.rglob("sgemm.*.wasm")).write_bytes(b"not WebAssembly")
    seen = visit_lab(site=address).go_live()
    assert seen.script("lab => lab.model.engine.speed") == "numpy"
    seen.play()
    seen.until("step > 20")


def test_a_missing_recording_is_named(browser, broken_site):
    address, folder = broken_site
    path = next(folder.rglob("mlp.*.rec"))
    path.unlink()
    page = browser.new_page()
    page.goto(f"{address}chapters/ann/classification.html")
    figure = page.locator("div.dlcore-lab[data-name=mlp]")
    figure.scroll_into_view_if_needed()
    said = figure.get_by_role("alert").inner_text()
    page.close()
    assert f"{path.name}: the server answered 404" in said
