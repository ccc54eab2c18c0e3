"""Build the book into _build/html: every notebook run, every warning an error."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from .common import HTML, ROOT, StepError, run_step, say
from .notebooks import run_all

JUPYTER_BOOK = Path(sys.executable).with_name("jupyter-book")
COMMAND = [str(JUPYTER_BOOK), "build", ".", "-W", "--keep-going", "-n"]


def build() -> None:
    say("book: running the notebooks that changed")
    run_all()
    say("book: writing the pages")
    for old in ("_modules", "dlcore"):  # Sphinx would leave pages and files of the last build there
        shutil.rmtree(HTML / old, ignore_errors=True)
    if subprocess.run(COMMAND, cwd=ROOT).returncode:
        # Sphinx would not repeat the warnings of pages that it thinks are done
        shutil.rmtree(ROOT / "_build" / ".doctrees", ignore_errors=True)
        raise StepError(
            "book: the build stopped at the warnings or errors above; mend them and run make again"
        )
    say(f"book: {HTML / 'intro.html'}")


if __name__ == "__main__":
    run_step(build)
