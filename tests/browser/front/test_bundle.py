"""One module from many, strictly: what the bundler does not know is an error, not a guess."""

import re

import pytest

from dlcore.widgets.bundle import BundleError, bundle


def write(folder, **modules):
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text)
    return folder / "entry.js"


def test_the_front_end_is_one_module_with_one_export():
    text = bundle()
    assert re.findall(r"^export .*", text, re.M) == ["export default { render };"]
    assert not re.search(r"^import ", text, re.M)


@pytest.mark.parametrize("bundled", ["", 1], ids=["modules", "bundle"])
def test_the_bundle_works_like_the_modules(open_lab, bundled):
    lab = open_lab(bundle=bundled)
    lab.ticks(3)
    assert lab.step == 24


def test_imports_come_before_their_users(tmp_path):
    entry = write(
        tmp_path,
        entry='import { a } from "./a.js";\n' + ENTRY,
        a='import {\n  b,\n} from "./b.js";\nexport const a = b;\n',
        b="export const b = 1;\n",
    )
    text = bundle(entry)
    assert text.index("const b") < text.index("const a") < text.index("function render")


IMPORTS_A = 'import { a } from "./a.js";\n'
ENTRY = "function render() {}\nexport default { render };\n"
REFUSED = {
    "a renamed import": (
        {"entry": 'import { a as z } from "./a.js";\n', "a": ""},
        "entry.js: expected plain names in an import, got 'a as z'",
    ),
    "a default import": (
        {"entry": 'import z from "./a.js";\n' + ENTRY, "a": ""},
        "entry.js: .*got 'import z from",
    ),
    "a missing file": ({"entry": IMPORTS_A}, "entry.js: expected the file a.js"),
    "a name that is not exported": (
        {"entry": IMPORTS_A, "a": "const a = 1;\n"},
        "entry.js: expected a.js to export 'a'",
    ),
    "a name twice": (
        {"entry": IMPORTS_A + "const b = 1;\n", "a": "export const a = 1;\nconst b = 2;\n"},
        "expected a new top-level name, got 'b'",
    ),
    "a circle": (
        {"entry": IMPORTS_A, "a": 'import { b } from "./entry.js";\n'},
        "expected no circular import, got entry.js -> a.js -> entry.js",
    ),
    "a list of exports": (
        {"entry": "const z = 1;\nexport { z };\n"},
        "entry.js: .*got 'export { z };'",
    ),
    "no default export": ({"entry": "function render() {}\n"}, "expected `export default"),
}


@pytest.mark.parametrize(("modules", "line"), REFUSED.values(), ids=REFUSED)
def test_what_it_does_not_know_is_one_clear_line(tmp_path, modules, line):
    with pytest.raises(BundleError, match=line) as refused:
        bundle(write(tmp_path, **modules))
    assert "\n" not in str(refused.value)
