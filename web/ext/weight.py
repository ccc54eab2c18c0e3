"""Pages travel light: plots as lossless WebP, an icon font of the icons used, nothing unused.

Together that is half a megabyte a page, and no pixel is another.
"""

from __future__ import annotations

import re
from pathlib import Path

from fontTools import subset
from PIL import Image

# the theme's icons come from its font; the script, 1.5 MB, draws the same icons again
ICON_SCRIPT = re.compile(r"\s*<(?:script|link)[^>]*scripts/fontawesome\.js[^>]*>(?:</script>)?")
PICTURE = re.compile(r'<img\b([^>]*?\bsrc="[^"]*?_images/([^"/]+)\.png"[^>]*?)\s*/?>')
ICON_RULE = re.compile(r"((?:\.fa-[\w-]+:+before,?)+)\{content:\"\\([0-9a-f]+)")
ICON_CODE = re.compile(r'content:\s*"\\([0-9a-f]{4})')
ICON_NAME = re.compile(r"\bfa-([a-z0-9-]+)")
FONT_SOURCES = re.compile(
    r'url\(([^)]+)\.woff2\) format\("woff2"\),url\([^)]+\.ttf\) format\("truetype"\)'
)
UNUSED = (
    "_static/**/*.map",
    "_static/locales/**/*.*",
    "_static/scripts/fontawesome.js*",
    "_static/vendor/**/*.woff2",
)


def lighten(app, error) -> None:
    if error or app.builder.format != "html":
        return
    out = Path(app.outdir)
    sizes = {path.stem: to_webp(path) for path in (out / "_images").glob("*.png")}
    for page in out.rglob("*.html"):
        before = page.read_text(encoding="utf-8")
        after = PICTURE.sub(lambda found: picture(found, sizes), ICON_SCRIPT.sub("", before))
        if after != before:
            page.write_text(after, encoding="utf-8")
    for pattern in UNUSED:
        for path in list(out.glob(pattern)):
            path.unlink()
    keep_used_icons(out)


def to_webp(path: Path) -> tuple[int, int]:
    """Put a lossless WebP in the place of a PNG; returns its width and height."""
    with Image.open(path) as image:
        image.save(path.with_suffix(".webp"), lossless=True, quality=80, method=4)
        size = image.size
    path.unlink()
    return size


def picture(found: re.Match, sizes: dict[str, tuple[int, int]]) -> str:
    """The same picture as WebP, with its size, so that nothing moves when it comes late."""
    attributes, name = found.groups()
    if name not in sizes:
        return found.group()
    width, height = sizes[name]
    attributes = attributes.replace(f"{name}.png", f"{name}.webp")
    if "width=" not in attributes and "style=" not in attributes:
        attributes += f' width="{width}" height="{height}"'
    return f'<img{attributes} loading="lazy" />'


def keep_used_icons(out: Path) -> None:
    """Cut the theme's icon fonts down to the icons that a page, a script or a style sheet names."""
    texts = [*out.rglob("*.html"), *out.glob("_static/**/*.js")]
    named = {name for path in texts for name in ICON_NAME.findall(path.read_text(encoding="utf-8"))}
    used = set()
    for path in out.glob("_static/**/*.css"):
        style = path.read_text(encoding="utf-8")
        for names, code in ICON_RULE.findall(style):
            if named & set(ICON_NAME.findall(names)):
                used.add(int(code, 16))
        used |= {int(code, 16) for code in ICON_CODE.findall(ICON_RULE.sub("", style))}
        if FONT_SOURCES.search(style):
            path.write_text(
                FONT_SOURCES.sub(r'url(\1.woff) format("woff")', style), encoding="utf-8"
            )
    for font in list(out.glob("_static/vendor/fontawesome/webfonts/*.ttf")):
        cut(font, used)


def cut(path: Path, codes: set[int]) -> None:
    """The font with these characters only, as WOFF in its place."""
    options = subset.Options(flavor="woff", layout_features=[])
    font = subset.load_font(str(path), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    subset.save_font(font, str(path.with_suffix(".woff")), options)
    path.unlink()


def setup(app) -> dict:
    app.connect("build-finished", lighten)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
