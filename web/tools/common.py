"""Paths, messages and hashes that the build steps share."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
NODE_MODULES = WEB / "node_modules"
DIST = WEB / "dist"  # what the steps make for the page; never committed
SITE = DIST / "site"  # copied to the root of the built book
STATIC = DIST / "static"  # copied to its _static folder
PAGE = SITE / "dlcore"  # everything that a live figure needs
HTML = ROOT / "_build" / "html"


class StepError(Exception):
    """A step that cannot go on; the message is one line that says what to do."""


def say(text: str) -> None:
    print(text, flush=True)


def run_step(step: Callable[[], None]) -> None:
    """Run a step; a StepError becomes one line on stderr and exit code 1."""
    try:
        step()
    except StepError as error:
        print(error, file=sys.stderr)
        raise SystemExit(1) from None


def digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def tree_digest(paths: Iterable[Path], root: Path = ROOT) -> str:
    """One hash for the names and contents of files; folders are walked."""
    total = hashlib.sha256()
    for path in sorted(paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                total.update(f"{file.relative_to(root)}\0{digest(file.read_bytes())}\n".encode())
    return total.hexdigest()


class Stamp:
    """Remembers what a step was made from and what it made, so that an unchanged step is left out.

    The step clears its stamp before it begins and sets it when it is done: one that stopped
    half-way, or whose products were damaged, is never fresh.
    """

    def __init__(self, name: str, made_from: str, *products: Path) -> None:
        self.file = DIST / "stamps" / name
        self.made_from = made_from
        self.products = products

    def fresh(self) -> bool:
        return (
            self.file.exists()
            and all(product.exists() for product in self.products)
            and self.file.read_text() == self._text()
        )

    def clear(self) -> None:
        self.file.unlink(missing_ok=True)

    def set(self) -> None:
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self._text())

    def _text(self) -> str:
        made = "".join(f"{tree_digest([path], path.parent)}\n" for path in self.products)
        return f"{self.made_from}\n{made}"
