"""The notebooks for Colab and Binder, in _build/notebooks: copies that find dlcore there.

Colab opens a notebook from a branch of a repository, and nothing that lies beside it. So each copy
installs dlcore, as it was in the copy's own commit, and names its pictures in full; Binder reads
from `requirements.txt` what it has to install. The workflow puts the folder on a branch of its own,
for the chapters themselves stay clean: they are what a reader downloads, tests and changes.

The address of the repository is the environment's BOOK_REPOSITORY_URL.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from urllib.parse import urljoin

from .common import ROOT, StepError, run_step, say

FOLDER = ROOT / "_build" / "notebooks"
PYTHON = "python-3.12"
NEEDED = ("numpy", "matplotlib", "torch", "ipywidgets", "anywidget", "jupyterlab-myst")
CPU_TORCH = "--extra-index-url https://download.pytorch.org/whl/cpu"
PICTURE = re.compile(r"(!\[[^\]]*\]\()([^)\s]+)")
INSTALL = """\
# dlcore, the package of this book: only where it is not installed, as in Colab
import importlib.util

if importlib.util.find_spec("dlcore") is None:
    %pip install --quiet "{package}" anywidget matplotlib"""


def write_copies(folder: Path, url: str, commit: str) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    package = f"dlcore @ git+{url}@{commit}"
    for path in sorted((ROOT / "chapters").rglob("*.ipynb")):
        place = path.relative_to(ROOT)
        notebook = json.loads(path.read_text(encoding="utf-8"))
        pictures = f"{url}/raw/{commit}/{place.as_posix()}"
        made = json.dumps(copy_of(notebook, package, pictures), indent=1, ensure_ascii=False)
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        (folder / place).write_text(made + "\n", encoding="utf-8")
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    needed = [line for line in pins if line.split("==")[0] in NEEDED]
    (folder / "requirements.txt").write_text("\n".join([CPU_TORCH, package, *needed, ""]))
    (folder / "runtime.txt").write_text(f"{PYTHON}\n")


def copy_of(notebook: dict, package: str, pictures: str) -> dict:
    """A notebook that installs the package before its first code; `pictures` is its address."""
    cells = [with_pictures(cell, pictures) for cell in notebook["cells"]]
    first = next(k for k, cell in enumerate(cells) if cell["cell_type"] == "code")
    install = {
        "cell_type": "code",
        "execution_count": None,
        "id": "install-dlcore",
        "metadata": {},
        "outputs": [],
        "source": INSTALL.format(package=package).splitlines(keepends=True),
    }
    return notebook | {"cells": [*cells[:first], install, *cells[first:]]}


def with_pictures(cell: dict, address: str) -> dict:
    if cell["cell_type"] != "markdown":
        return cell
    source = "".join(cell["source"])
    text = PICTURE.sub(lambda found: found[1] + urljoin(address, found[2]), source)
    return cell | {"source": text.splitlines(keepends=True)}


def main() -> None:
    url = os.environ.get("BOOK_REPOSITORY_URL")
    if not url:
        raise StepError("elsewhere: set BOOK_REPOSITORY_URL to the address of the repository")
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True)
    if head.returncode:
        raise StepError(f"elsewhere: expected a clone of the repository in {ROOT}")
    write_copies(FOLDER, url, head.stdout.strip())
    say(f"elsewhere: the notebooks for Colab and Binder are in {FOLDER.relative_to(ROOT)}")


if __name__ == "__main__":
    run_step(main)
