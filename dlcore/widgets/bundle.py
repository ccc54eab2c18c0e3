"""The front end as one ES module: the modules of `front/`, one after the other, leaves first.

anywidget takes a single module, and the published page loads the same one. No parser is needed
because the modules keep to three rules, which are checked here:

1. imports are `import { a, b } from "./module.js";` and nothing else;
2. exports are `export function | async function | class | const | let`, and the entry's
   `export default { render };`;
3. no two modules have the same top-level name, and what is imported is exported there.

    python -m dlcore.widgets.bundle OUT.js
"""

import re
import sys
from pathlib import Path

ENTRY = Path(__file__).parent / "front" / "entry.js"

IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.{1,2}/[^"]+\.js)";[ \t]*\n', re.M)
EXPORT = re.compile(r"^export (?=(?:async function|function|class|const|let)\b)", re.M)
NAME = re.compile(r"^(export )?(?:async )?(?:function|class|const|let) +\*?([\w$]+)", re.M)
DEFAULT = re.compile(r"^export default \{ render \};$", re.M)
LEFT_OVER = re.compile(r"^(?:import|export)\b.*$|\bimport\(.*$", re.M)


class BundleError(ValueError):
    """The front end uses what the bundler does not know, in one line."""


def names(source):
    """{top-level name: is it exported?}"""
    return {name: bool(exported) for exported, name in NAME.findall(source)}


def imports(path, source):
    """[(imported names, path of the module)]"""
    found = []
    for listed, target in IMPORT.findall(source):
        wanted = [name.strip() for name in listed.split(",") if name.strip()]
        renamed = [name for name in wanted if not re.fullmatch(r"[\w$]+", name)]
        if renamed:
            raise BundleError(f"{path.name}: expected plain names in an import, got {renamed[0]!r}")
        found.append((wanted, (path.parent / target).resolve()))
    return found


def in_order(entry):
    """The modules' paths with their sources, every one after those that it imports."""
    ordered, open_ = {}, []

    def visit(path, importer):
        if path in ordered:
            return
        if path in open_:
            chain = " -> ".join(p.name for p in [*open_[open_.index(path) :], path])
            raise BundleError(f"{path.name}: expected no circular import, got {chain}")
        if not path.is_file():
            raise BundleError(
                f"{importer}: expected the file {path.name} that it imports, found none"
            )
        source = path.read_text(encoding="utf-8")
        open_.append(path)
        for _, target in imports(path, source):
            visit(target, path.name)
        open_.pop()
        ordered[path] = source

    visit(Path(entry).resolve(), "the bundle")
    return ordered


def check_names(modules):
    """No name twice; every imported name exported."""
    owner = {}
    for path, source in modules.items():
        for name in names(source):
            if name in owner:
                raise BundleError(
                    f"{path.name}: expected a new top-level name, got {name!r}, "
                    f"which is in {owner[name]} too"
                )
            owner[name] = path.name
    for path, source in modules.items():
        for wanted, target in imports(path, source):
            exported = names(modules[target])
            missing = [name for name in wanted if not exported.get(name)]
            if missing:
                raise BundleError(
                    f"{path.name}: expected {target.name} to export {missing[0]!r}, it does not"
                )


def strip(path, source, is_entry):
    """A module without its imports and exports."""
    body = EXPORT.sub("", IMPORT.sub("", source))
    rest = LEFT_OVER.search(DEFAULT.sub("", body) if is_entry else body)
    if rest:
        raise BundleError(
            f"{path.name}: expected imports and exports as bundle.py describes them, "
            f"got {rest[0].strip()!r}"
        )
    if is_entry and len(DEFAULT.findall(body)) != 1:
        raise BundleError(f"{path.name}: expected `export default {{ render }};` once")
    return f"// ---- {path.name}\n{body.strip()}\n"


def bundle(entry=ENTRY):
    """The text of one ES module with `export default { render }`."""
    modules = in_order(entry)
    check_names(modules)
    last = list(modules)[-1]
    return "\n".join(strip(path, source, path == last) for path, source in modules.items())


def main(arguments):
    if len(arguments) != 1:
        sys.exit("usage: python -m dlcore.widgets.bundle OUT.js")
    try:
        text = bundle()
    except BundleError as error:
        sys.exit(f"bundle: {error}")
    Path(arguments[0]).write_text(text, encoding="utf-8")
    print(f"{arguments[0]}: {len(text)} characters")


if __name__ == "__main__":
    main(sys.argv[1:])
