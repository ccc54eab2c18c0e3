r"""Find symbols in a formula: just enough of TeX's grammar for what MathJax is given.

A formula is read as a list of items: a letter, a command with its arguments, or a group, each with
its scripts. A symbol is matched by its letter; its scripts are decoration:

- ``W^{(l)}`` and ``W`` stand for W with any scripts, for the script ``(l)`` is an index (one small
  letter, perhaps in parentheses);
- ``a^{(0)}`` or ``W_{hx}`` stand for just that, and win over ``a^{(l)}`` or ``W_h``;
- ``dW`` and ``\partial J / \partial W`` are one symbol each, also as a ``\frac``;
- two different symbols that fit equally well are no match;
- ``\mathit{m}`` is an m that is not the symbol: what is in braces of names and texts never is one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\\\(?:\s*\[[^\]]*\])?|\\.|%[^\n]*|\s+|.", re.S)
INDEX = re.compile(r"\(?[a-z]\)?")
FRACTIONS = (r"\frac", r"\dfrac", r"\tfrac")
ACCENTS = ("hat", "widehat", "tilde", "widetilde", "bar", "overline", "vec", "dot", "ddot")
FACES = ("mathbf", "mathcal", "mathbb", "boldsymbol", "bm")
# how many arguments a command takes; they may stand without braces
ARGUMENTS = dict.fromkeys((*FRACTIONS, r"\binom"), 2) | {
    f"\\{name}": 1 for name in ("sqrt", *ACCENTS, *FACES)
}
# commands whose braces hold a name, a text or a length: nothing in them is a symbol
OPAQUE = re.compile(
    r"\\(begin|end|text(bf|it|rm|color)?|math(rm|it|sf)|operatorname\*?|label|(eq)?ref|tag|color"
    r"|[hm]space\*?|href|class|cssId)"
)
WITH_COLUMNS = ("{array}", "{alignat}", "{alignat*}", "{alignedat}")


@dataclass
class Item:
    """A letter, a command or a group, with its scripts."""

    head: str
    arguments: list[list[Item]] = field(default_factory=list)
    scripts: dict[str, list[Item]] = field(default_factory=dict)

    @property
    def nucleus(self) -> str:
        return self.head + "".join(f"{{{render(items)}}}" for items in self.arguments)


def parse(tex: str) -> list[Item]:
    """The items of a formula; ValueError where it is no TeX."""
    reader = _Reader(tex)
    items = reader.items()
    if reader.peek() is not None:
        raise ValueError("a } without its {")
    return items


class _Reader:
    def __init__(self, tex: str) -> None:
        self.tokens = TOKEN.findall(tex)
        self.at = 0

    def peek(self) -> str | None:
        """The next token that is neither space nor comment."""
        while self.at < len(self.tokens) and re.match(r"\s|%", self.tokens[self.at]):
            self.at += 1
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> str:
        token = self.peek()
        if token is None:
            raise ValueError("it ends too early")
        self.at += 1
        return token

    def items(self) -> list[Item]:
        found = []
        while self.peek() not in (None, "}"):
            found.append(self.with_scripts())
        return found

    def with_scripts(self) -> Item:
        item = Item("") if self.peek() in ("_", "^", "'") else self.bare()
        while (place := self.peek()) in ("_", "^", "'"):
            self.take()
            if place == "'":
                item.scripts.setdefault(place, []).append(Item("'"))
            elif place in item.scripts:
                raise ValueError(f"two scripts {place} at one place")
            else:
                item.scripts[place] = self.argument()
        return item

    def bare(self) -> Item:
        """One item without its scripts."""
        head = self.take()
        if head == "}":
            raise ValueError("a } where something is missing")
        if head == "{":
            return Item("", [self.group()])
        if OPAQUE.fullmatch(head):
            return Item(self.opaque(head))
        if head == r"\sqrt" and self.peek() == "[":
            head += self.verbatim("]")
        return Item(head, [self.argument() for _ in range(ARGUMENTS.get(head.split("[")[0], 0))])

    def argument(self) -> list[Item]:
        """A group's items, or the single item that stands for a group."""
        if self.peek() != "{":
            return [self.bare()]
        self.take()
        return self.group()

    def group(self) -> list[Item]:
        items = self.items()
        if self.peek() is None:
            raise ValueError("a { without its }")
        self.take()
        return items

    def opaque(self, head: str) -> str:
        """A command with its braced text as it stands."""
        if self.peek() != "{":
            return head + " "
        name = self.verbatim("}")
        if head == r"\begin" and name in WITH_COLUMNS and self.peek() == "{":
            name += self.verbatim("}")
        return head + name

    def verbatim(self, end: str) -> str:
        """The source up to and with its closing bracket."""
        start, depth = self.at, 0
        while self.at < len(self.tokens):
            token = self.tokens[self.at]
            self.at += 1
            depth += {"{": 1, "}": -1}.get(token, 0)
            if token == end and depth == 0:
                return "".join(self.tokens[start : self.at])
        raise ValueError(f"no {end}")


def render(items: list[Item]) -> str:
    """TeX again."""
    return "".join(join(item, map(render, item.arguments), render) for item in items)


def join(item: Item, arguments: Iterable[str], script: Callable[[list[Item]], str]) -> str:
    """TeX of an item with these arguments; ``script`` renders what is under or above it."""
    command = re.fullmatch(r"\\[A-Za-z]+\*?", item.head)
    text = item.head + (" " if command else "") + "".join(f"{{{one}}}" for one in arguments)
    text += "'" * len(item.scripts.get("'", []))
    return text + "".join(f"{p}{{{script(s)}}}" for p, s in item.scripts.items() if p != "'")


def as_line(items: list[Item]) -> list[Item]:
    """A fraction that stands alone, as numerator / denominator."""
    if len(items) == 1 and items[0].head in FRACTIONS and not items[0].scripts:
        above, below = items[0].arguments
        return [*above, Item("/"), *below]
    return items


class Marker:
    r"""Wraps the symbols in formulas: ``Marker({"key": ["W^{(l)}", ...]})``.

    ``mark(tex)`` is the formula with ``\class{key}{...}`` around each symbol; ``met`` holds the
    keys that were found so far.
    """

    def __init__(self, symbols: dict[str, list[str]]) -> None:
        self.spellings = [
            (key, as_line(parse(tex))) for key, spellings in symbols.items() for tex in spellings
        ]
        self.met: set[str] = set()

    def mark(self, tex: str) -> str:
        return self._mark(parse(tex))

    def _mark(self, items: list[Item]) -> str:
        done, at = "", 0
        while at < len(items):
            key, spelling, length = self._find(items, at)
            if key:
                self.met.add(key)
                inside = self._symbol(items[at : at + length], spelling)
                done += rf"{{\class{{{key}}}{{{inside}}}}}"
            else:
                done += join(items[at], map(self._mark, items[at].arguments), self._mark)
            at += length
        return done

    def _symbol(self, items: list[Item], spelling: list[Item]) -> str:
        """A symbol as it stands, with the symbols in its scripts, but not in those that name it."""
        if len(items) < len(spelling):  # a fraction
            above, below = items[0].arguments
            parts = (above, spelling[: len(above)]), (below, spelling[-len(below) :])
            return join(items[0], [self._symbol(*part) for part in parts], self._mark)
        pairs = zip(items, spelling, strict=True)
        return "".join(self._letter(item, pattern.scripts.values()) for item, pattern in pairs)

    def _letter(self, item: Item, names: Iterable[list[Item]]) -> str:
        def script(items: list[Item]) -> str:
            return render(items) if items in names else self._mark(items)

        return join(item, map(render, item.arguments), script)

    def _find(self, items: list[Item], at: int) -> tuple[str | None, list[Item], int]:
        """(key, its spelling, how many items it takes) of the symbol that begins here, or None."""
        fraction = as_line(items[at : at + 1])
        best, winners = (0, 0), {}
        for key, spelling in self.spellings:
            whole = len(fraction) > 1 and len(spelling) == len(fraction)
            exact = agreement(spelling, fraction if whole else items[at : at + len(spelling)])
            fit = (len(spelling), exact)
            if exact is None or fit < best:
                continue
            if fit > best:
                best, winners = fit, {}
            winners[key] = (key, spelling, 1 if whole else len(spelling))
        return winners.popitem()[1] if len(winners) == 1 else (None, [], 1)


def agreement(spelling: list[Item], items: list[Item]) -> int | None:
    """How many scripts agree to the letter; None if this is not the symbol."""
    if len(spelling) != len(items):
        return None
    exact = 0
    for pattern, item in zip(spelling, items, strict=True):
        if pattern.nucleus != item.nucleus:
            return None
        for place, script in pattern.scripts.items():
            if item.scripts.get(place) == script:
                exact += 1
            elif not INDEX.fullmatch(render(script)):
                return None
    return exact
