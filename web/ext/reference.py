"""Tables of the reference that are made of what the chapters say, so that they stay true.

`{labs}` lists the live figures. `{notation} A-C` lists the symbols of the chapters' tables
(`web.ext.symbols`) that are looked up under these letters, `{notation} greek` the Greek ones. What
chapters of exercises repeat is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from dlcore.labs import LABS
from web.tools.contents import notebooks

TABLE = re.compile(r"^:::\{table\}\n:class: symbols\n\n(.+?)\n\n:::$", re.M | re.S)
CELL = re.compile(r"(?<!\\)\|")
FORMULA = re.compile(r"\$([^$]+)\$")
SHOWS = re.compile(r"""\bdl\.lab\(\s*["']([\w-]+)["']""")
# around the letter of a symbol: the fraction of a gradient, accents, faces, braces
AROUND = re.compile(
    r"\\partial\s*J\s*/|\\(?:partial|hat|bar|tilde|mathcal|operatorname)(?![a-z])|[\[{}\s]"
)
LETTER = re.compile(r"d?(?:\\(?:var)?([A-Za-z]+)|([A-Za-z]))")
GREEK = "greek"


# ---- what the chapters say


@dataclass
class Chapter:
    """A notebook of the book: its name (chapters/ann/index), its title, the text of its cells."""

    name: str
    title: str
    prose: str
    code: str

    @property
    def link(self) -> str:
        title = f"{self.title} ({self.part.upper()})" if self.is_practice else self.title
        return f"[{title}](/{self.name}.ipynb)"

    @property
    def part(self) -> str:
        return self.name.split("/")[-2]

    @property
    def is_practice(self) -> bool:
        return self.name.endswith("/exercises")


def read_chapter(name: str, path: Path) -> Chapter:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose, code = (
        "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == kind)
        for kind in ("markdown", "code")
    )
    title = re.search(r"^# ([^:\n]+)", prose, re.M)[1]
    return Chapter(name, title, prose, code)


def read_book(root: Path) -> list[Chapter]:
    """The notebooks of the table of contents, in its order."""
    return [read_chapter(name, path) for name, path in notebooks(root).items()]


# ---- symbols


@dataclass
class Symbol:
    """A symbol with one of its meanings: how it is written, also in the code, and where."""

    written: str
    meaning: str
    code: list[str] = field(default_factory=list)
    where: list[str] = field(default_factory=list)

    @property
    def spellings(self) -> set[str]:
        return set(FORMULA.findall(self.written))

    def is_like(self, other: Symbol) -> bool:
        """A spelling in common, and the same meaning, told in more or fewer words."""
        short, long = sorted((self.meaning, other.meaning), key=len)
        return bool(self.spellings & other.spellings) and long.startswith(short)


def symbols(chapters: list[Chapter]) -> list[Symbol]:
    """All symbols with all their meanings; what several chapters say alike is one."""
    found: list[Symbol] = []
    spelt: dict[str, set[str]] = {}  # what each part has explained
    for chapter in chapters:
        known = spelt.setdefault(chapter.part, set())
        for written, code, meaning, *_ in rows(chapter.prose):
            new = Symbol(written, meaning)
            if chapter.is_practice and known & new.spellings:
                continue
            known |= new.spellings
            symbol = next((old for old in found if old.is_like(new)), new)
            if symbol is new:
                found.append(new)
            symbol.code += [name for name in code.split(", ") if name and name not in symbol.code]
            symbol.where.append(chapter.link)
    return found


def rows(prose: str) -> list[list[str]]:
    """The cells of a chapter's table of symbols."""
    found = TABLE.search(prose)
    lines = found[1].splitlines()[2:] if found else []
    return [[cell.strip() for cell in CELL.split(line)[1:-1]] for line in lines]


def letter(written: str) -> str:
    """Where to look a symbol up: W for `dW^{(l)}`, y for `\\hat y`, sigma for `\\sigma`."""
    formula = FORMULA.search(written)
    found = formula and LETTER.match(AROUND.sub("", formula[1]))
    if not found:
        raise ValueError(f"reference: expected a symbol with a letter, got {written!r}")
    return found[1] or found[2]


def under(place: str, found: list[Symbol]) -> list[Symbol]:
    """The symbols to be looked up at a place, `A-C` or `greek`, by letter, capitals first."""

    def belongs(name: str) -> bool:
        if place == GREEK or len(name) > 1:
            return place == GREEK and len(name) > 1
        return place[0] <= name.upper() <= place[-1]

    named = [(letter(symbol.written), symbol) for symbol in found]
    chosen = [pair for pair in named if belongs(pair[0])]
    return [symbol for _, symbol in sorted(chosen, key=lambda pair: (pair[0].lower(), pair[0]))]


# ---- directives


class Generated(SphinxDirective):
    """A table that is made of the chapters: written again when one of them changes."""

    has_content = False

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.srcdir)
        chapters = read_book(root)
        self.env.note_dependency(str(root / "_toc.yml"))
        for chapter in chapters:
            self.env.note_dependency(str(root / f"{chapter.name}.ipynb"))
        place = nodes.Element()
        lines = [self.columns, ["---"] * len(self.columns), *self.rows(chapters)]
        source = [f"| {' | '.join(cells)} |" for cells in lines]
        text = StringList(source, self.get_source_info()[0])
        self.state.nested_parse(text, self.content_offset, place)
        for table in place.findall(nodes.table):
            table["classes"].append("reference-table")
        return place.children


class Notation(Generated):
    required_arguments = 1
    columns = "symbol", "what it is", "in the code", "where"

    def rows(self, chapters: list[Chapter]) -> Iterator[tuple[str, ...]]:
        for one in under(self.arguments[0], symbols(chapters)):
            yield one.written, one.meaning, ", ".join(one.code), ", ".join(one.where)


class Labs(Generated):
    columns = "name", "its question", "where it stands"

    def rows(self, chapters: list[Chapter]) -> Iterator[tuple[str, ...]]:
        stands = {name: one.link for one in chapters for name in SHOWS.findall(one.code)}
        for name, lab in LABS.items():
            yield f'`"{name}"`', lab.title, stands.get(name, "")


def setup(app) -> dict:
    app.add_directive("notation", Notation)
    app.add_directive("labs", Labs)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
