"""The table of contents of the book."""

from __future__ import annotations

from pathlib import Path

import yaml


def parts(root: Path) -> list[tuple[str, list[str]]]:
    """(caption, names of its pages) of each part of the book in the folder `root`."""
    contents = yaml.safe_load((root / "_toc.yml").read_text(encoding="utf-8"))
    return [
        (part.get("caption", ""), [chapter["file"] for chapter in part["chapters"]])
        for part in contents["parts"]
    ]


def notebooks(root: Path) -> dict[str, Path]:
    """{name of a page: its notebook}, for those that are one, in the order of the book."""
    names = [name for _, pages in parts(root) for name in pages]
    paths = {name: root / f"{name}.ipynb" for name in names}
    return {name: path for name, path in paths.items() if path.exists()}
