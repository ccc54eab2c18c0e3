"""What others see of a page: what it says in its head, its picture, the map of the site."""

import re
from html import unescape
from xml.etree import ElementTree

import pytest
from PIL import Image
from sphinx.testing.util import SphinxTestApp

CONF = """
project = html_title = "A Book"
extensions = ["web.ext.published"]


def setup(app):
    from docutils.nodes import paragraph

    def add_line(app, tree, name):  # it is not what the page is about
        tree[0].insert(1, paragraph("", "3 minutes to read."))

    app.connect("doctree-resolved", add_line)
"""
LONG = "This sentence has six words only. " * 7
INDEX = "A Book\n======\n\nHow does it *work*? You will see.\n\n.. toctree::\n\n   part/next\n"
NEXT = f"Next & last\n===========\n\n.. note:: No.\n\n*Look* <&>! {LONG}\n\n"
NEXT += ".. toctree::\n\n   last\n"
URL = "https://example.org/a/book"


@pytest.fixture(scope="module", params=[URL, None], ids=["with an address", "without"])
def built(request, tmp_path_factory):
    """(address, folder) of a small book that is built where its address is known, or is not."""
    source = tmp_path_factory.mktemp("book")
    (source / "conf.py").write_text(CONF)
    (source / "index.rst").write_text(INDEX)
    (source / "part").mkdir()
    (source / "part" / "next.rst").write_text(NEXT)
    (source / "part" / "last.rst").write_text("Last\n====\n\nOne line.\n")
    with pytest.MonkeyPatch.context() as environment:
        environment.delenv("BOOK_URL", raising=False)
        if request.param:
            environment.setenv("BOOK_URL", request.param)
        app = SphinxTestApp(srcdir=source)
        app.build()
    yield request.param, app.outdir
    app.cleanup()


def head(folder, page):
    """{name: content} of what a page says of itself."""
    text = (folder / f"{page}.html").read_text(encoding="utf-8")
    tags = re.findall(r'<meta (?:name|property)="([\w:]+)" content="([^"]*)"', text)
    return {name: unescape(content) for name, content in tags}


def test_a_page_is_described_by_the_sentences_of_its_first_paragraph_that_fit(built):
    _, folder = built
    first, second = head(folder, "index"), head(folder, "part/next")
    assert first["description"] == first["og:description"] == "How does it work? You will see."
    assert second["description"] == f"Look <&>! {LONG[: 5 * 34].strip()}"
    assert (first["og:type"], second["og:type"]) == ("website", "article")
    assert (second["og:title"], second["og:site_name"]) == ("Next & last", "A Book")


def test_a_page_names_its_address_and_its_picture_if_the_books_address_is_known(built):
    url, folder = built
    about = head(folder, "part/last")
    if not url:
        assert not {"og:url", "og:image"} & set(about)
        return
    assert about["og:url"] == f"{URL}/part/last.html"
    picture = folder / about["og:image"].removeprefix(f"{URL}/")
    with Image.open(picture) as image:
        assert image.size == (int(about["og:image:width"]), int(about["og:image:height"]))
        assert len(image.getcolors(1_000_000)) > 20  # letters, and the icon


def test_the_map_and_the_page_for_a_wrong_address_name_every_page_in_full(built):
    url, folder = built
    if not url:
        assert not (folder / "sitemap.xml").exists()
        assert not (folder / "404.html").exists()
        return
    addresses = [f"{URL}/{name}.html" for name in ("index", "part/next", "part/last")]
    places = ElementTree.parse(folder / "sitemap.xml").getroot().iterfind("{*}url/{*}loc")
    assert [place.text for place in places] == addresses
    missing = (folder / "404.html").read_text(encoding="utf-8")
    assert re.findall(r'href="([^"]*)">([^<]*)', missing) == [
        (addresses[0], "A Book"),
        (addresses[1], "Next &amp; last"),
        (addresses[2], "Last"),
    ]
