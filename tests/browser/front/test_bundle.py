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
        entry='import { a } from "./a.js";\nfunction render() { return a; }\nexport default { render };\n',
        a='import {\n  b,\n} from "./b.js";\nexport const a = b;\n',
        b="export const b = 1;\n",
    )
    text = bundle(entry)
    assert text.index("const b") < text.index("const a") < text.index("function render")


@pytest.mark.parametrize(
    ("modules", "line"),
    [
        (dict(entry='import { a as z } from "./a.js";\n', a=""), "entry.js: expected plain names in an import, got 'a as z'"),
        (dict(entry='import z from "./a.js";\nfunction render() {}\nexport default { render };\n', a=""), "entry.js: .*got 'import z from"),
        (dict(entry='import { a } from "./a.js";\n'), "entry.js: expected the file a.js"),
        (dict(entry='import { a } from "./a.js";\n', a="const a = 1;\n"), "entry.js: expected a.js to export 'a'"),
        (dict(entry='import { a } from "./a.js";\nconst b = 1;\n', a="export const a = 1;\nconst b = 2;\n"), "expected a new top-level name, got 'b'"),
        (dict(entry='import { a } from "./a.js";\n', a='import { b } from "./entry.js";\n'), "expected no circular import, got entry.js -> a.js -> entry.js"),
        (dict(entry="const z = 1;\nexport { z };\n"), "entry.js: .*got 'export { z };'"),
        (dict(entry="function render() {}\n"), "expected `export default"),
    ],
)  # fmt: skip
def test_what_it_does_not_know_is_one_clear_line(tmp_path, modules, line):
    with pytest.raises(BundleError, match=line) as refused:
        bundle(write(tmp_path, **modules))
    assert "\n" not in str(refused.value)
