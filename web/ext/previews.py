"""The picture that a messenger shows of a page: its title, and its first figure."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

from matplotlib import get_data_path
from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)  # what Open Graph's readers expect
MARGIN = 64
ICON, NAME, TITLE = 40, 28, 58  # px
LINE = 29  # characters of a title
INK, GREY = "#1c2733", "#5a6672"
FIGURE = re.compile(r'<img\b[^>]*?\bsrc="[^"]*?(_images/[^"/]+\.webp)"')
# the book's icon (web/theme/favicon.svg), in its own units
UNITS = [((7, 9), "#0072b2"), ((7, 23), "#d55e00"), ((25, 16), "#b8609a")]


def preview_name(page: str) -> str:
    return f"_previews/{page.replace('/', '-')}.png"


def draw_previews(out: Path, titles: dict[str, str], book: str) -> None:
    """Draw one for each page, {page: title}, of the built book in `out`."""
    (out / "_previews").mkdir(exist_ok=True)
    for page, title in titles.items():
        found = FIGURE.search((out / f"{page}.html").read_text(encoding="utf-8"))
        card = preview(title, book, out / found[1] if found else None)
        card.save(out / preview_name(page), optimize=True)


def preview(title: str, book: str, figure: Path | None) -> Image.Image:
    card = Image.new("RGB", SIZE, "white")
    draw = ImageDraw.Draw(card)
    width, height = SIZE
    draw_icon(draw, MARGIN, 40, ICON)
    if title != book:
        draw.text((MARGIN + ICON + 16, 44), book, GREY, font("DejaVuSans", NAME))
    lines = textwrap.wrap(title, LINE)
    bold = font("DejaVuSans-Bold", TITLE)
    draw.multiline_text((MARGIN, 104), "\n".join(lines), INK, bold, spacing=12)
    if figure:
        top = 104 + len(lines) * (TITLE + 16) + 16
        paste(card, figure, (MARGIN, top, width - MARGIN, height - 32))
    else:
        draw_icon(draw, width - MARGIN - 260, height - MARGIN - 260, 260)
    return card


def font(name: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(Path(get_data_path()) / "fonts" / "ttf" / f"{name}.ttf", size)


def draw_icon(draw: ImageDraw.ImageDraw, left: int, top: int, side: int) -> None:
    scale = side / 32
    places = [(left + x * scale, top + y * scale) for (x, y), _ in UNITS]
    for place in places[:2]:
        draw.line([place, places[2]], GREY, round(2 * scale))
    for (x, y), (_, colour) in zip(places, UNITS, strict=True):
        r = 5 * scale
        draw.ellipse((x - r, y - r, x + r, y + r), colour)


def paste(card: Image.Image, figure: Path, box: tuple[int, int, int, int]) -> None:
    """Put a figure into a box, as large as it fits."""
    left, top, right, bottom = box
    with Image.open(figure) as image:
        image = image.convert("RGBA")
    scale = min((right - left) / image.width, (bottom - top) / image.height)
    image = image.resize((round(image.width * scale), round(image.height * scale)))
    card.paste(image, (left + (right - left - image.width) // 2, top), image)
