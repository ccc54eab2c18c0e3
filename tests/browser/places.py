"""Where the live figures stand in the book."""

import json
import re

from dlcore.labs import LABS
from web.tools.common import ROOT


def find_places():
    """Which page each lab stands on, {name: page}; the first one if there are several."""
    found = {}
    for path in sorted((ROOT / "chapters").rglob("*.ipynb")):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "code")
        for name in re.findall(r"""\blab\(["']([\w-]+)["']""", code):
            found.setdefault(name, path.relative_to(ROOT).with_suffix(".html").as_posix())
    return {name: found[name] for name in LABS if name in found}


PLACES = find_places()
