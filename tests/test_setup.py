"""Set-up: the page's Python is fetched by its hash, and every failure is one clear line."""

import gc
import gzip
import hashlib
import http.server
import threading
import warnings
import zipfile
from contextlib import contextmanager

import nbformat
import pytest
from jupyter_cache import get_cache

from web.tools import assets, book, common, keep_outputs, notebooks, runtime, wheel
from web.tools.common import Stamp, StepError
from web.tools.fetch import InsideWheel, Web, fetch

NAME = "numpy-1-py3-none-any.whl"
CONTENT = bytes(range(256)) * 4000
SHA256 = hashlib.sha256(CONTENT).hexdigest()


class Host(http.server.BaseHTTPRequestHandler):
    """A server of one file that knows ranges, and may break off once in the middle."""

    def do_GET(self):
        self.server.asked.append(self.headers.get("Range"))
        start = int((self.headers.get("Range") or "bytes=0-")[6:-1])
        body = self.server.content[start:]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.server.breaks:
            self.server.breaks -= 1
            body = body[: len(body) // 2]
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@contextmanager
def host(content=CONTENT, breaks=0):
    server = http.server.HTTPServer(("127.0.0.1", 0), Host)
    server.content, server.breaks, server.asked = content, breaks, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.url = f"http://127.0.0.1:{server.server_port}/{NAME}"
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Forbidden:
    """A source that must not be asked."""

    name = "a source that should not be needed"

    def get(self, target):
        raise AssertionError("asked for what was there")


class Absent:
    name = "the moon"

    def get(self, target):
        raise OSError("no route\nto the moon")


def test_what_is_in_the_cache_is_not_fetched(tmp_path):
    (tmp_path / NAME).write_bytes(CONTENT)
    assert fetch(NAME, SHA256, [Forbidden()], tmp_path) == tmp_path / NAME


def test_a_damaged_file_in_the_cache_is_fetched_again(tmp_path, capsys):
    (tmp_path / NAME).write_bytes(CONTENT[:-1])
    with host() as server:
        path = fetch(NAME, SHA256, [Web("a host", server.url)], tmp_path)
    assert path.read_bytes() == CONTENT
    assert "is damaged, it is fetched again" in capsys.readouterr().out


def test_progress_is_told(tmp_path, capsys):
    with host() as server:
        fetch(NAME, SHA256, [Web("a host", server.url)], tmp_path)
    said = capsys.readouterr().out
    assert f"fetching {NAME} from a host" in said
    assert "1.0 of 1.0 MB" in said


def test_a_partial_download_is_continued(tmp_path):
    with host(breaks=1) as server:
        sources = [Web("a host", server.url), Web("the same host", server.url)]
        path = fetch(NAME, SHA256, sources, tmp_path)
    assert path.read_bytes() == CONTENT
    assert server.asked == [None, f"bytes={len(CONTENT) // 2}-"]
    assert [p.name for p in tmp_path.iterdir()] == [NAME]


def test_a_source_with_another_file_is_passed_over(tmp_path):
    with host(b"something else") as wrong, host() as right:
        sources = [Web("a wrong host", wrong.url), Web("a right host", right.url)]
        path = fetch(NAME, SHA256, sources, tmp_path)
    assert path.read_bytes() == CONTENT


def make_package(folder, files):
    """A wheel of one package with these files in a folder, as pip finds it with --find-links."""
    path = folder / "bundle-1.0-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(
            "bundle-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: bundle\nVersion: 1.0\n"
        )
        archive.writestr("bundle-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nTag: py3-none-any\n")
        archive.writestr("bundle-1.0.dist-info/RECORD", "")
        for name, content in files.items():
            archive.writestr(f"bundle/assets/{name}", content)
    return ("--no-index", f"--find-links={folder}")


def test_a_file_inside_a_package_is_taken_out_and_nothing_else_kept(tmp_path):
    shelf, cache = tmp_path / "shelf", tmp_path / "cache"
    shelf.mkdir()
    options = make_package(shelf, {NAME: CONTENT, "other.whl": b""})
    path = fetch(NAME, SHA256, [Absent(), InsideWheel("bundle==1.0", 1, options)], cache)
    assert path.read_bytes() == CONTENT
    assert [p.name for p in cache.iterdir()] == [NAME]


def test_when_no_source_has_it_one_line_says_what_was_tried(tmp_path):
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    without = make_package(shelf, {"something-else.whl": b""})
    none = ("--no-index", f"--find-links={tmp_path}")
    with host(b"something else") as wrong:
        sources = [
            Absent(),
            Web("a wrong host", wrong.url),
            Web("a host that is gone", "http://127.0.0.1:1/"),
            InsideWheel("bundle==1.0", 1, without),
            InsideWheel("missing==1.0", 1, none),
        ]
        with pytest.raises(StepError) as caught:
            fetch(NAME, SHA256, sources, tmp_path / "cache")
    line = str(caught.value)
    assert "\n" not in line
    for part in (
        NAME,
        "the moon (no route to the moon)",
        "a wrong host (another file than expected: wrong sha256)",
        "a host that is gone (",
        f"the package bundle==1.0 (no {NAME} in it)",
        "the package missing==1.0 (No matching distribution",
        "run make again",
    ):
        assert part in line
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_cache_that_cannot_be_written_is_one_line(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(
        StepError, match=r"^runtime: the cache .* cannot be written \(Not a directory\)$"
    ):
        fetch(NAME, SHA256, [Forbidden()], tmp_path / "file" / "cache")


def test_the_pages_packages_are_numpy_and_what_matplotlib_needs_by_their_official_hashes():
    lock = runtime._lock(runtime.NODE_MODULES / "pyodide")
    assert lock["info"]["version"] == runtime.VERSION
    packages = runtime.needed(lock["packages"])
    assert {"numpy", "matplotlib", "pillow"} <= set(packages)
    for entry in packages.values():
        assert len(entry["sha256"]) == 64
        assert set(entry["depends"]) <= set(packages)


def test_one_download_of_a_bundle_gives_all_the_files_that_are_kept(tmp_path):
    shelf, cache = tmp_path / "shelf", tmp_path / "cache"
    shelf.mkdir()
    files = {"a.whl": CONTENT, "b.whl": CONTENT[::-1]}
    options = make_package(shelf, files | {"other.whl": b""})
    bundle = InsideWheel("bundle==1.0", 1, options, keep=files)
    fetch("a.whl", hashlib.sha256(files["a.whl"]).hexdigest(), [bundle], cache)
    assert {path.name: path.read_bytes() for path in cache.iterdir()} == files


def test_packing_is_the_same_every_time():
    assert runtime.pack(CONTENT) == runtime.pack(CONTENT)
    assert runtime.pack(CONTENT)[4:10] == b"\0\0\0\0\2\xff"  # no time, no system
    assert gzip.decompress(runtime.pack(CONTENT)) == CONTENT


def test_the_wheel_for_the_page_has_python_files_only_and_is_named_by_its_content(tmp_path):
    first, second = wheel.build(tmp_path / "a"), wheel.build(tmp_path / "b")
    assert first.name == second.name
    assert first.read_bytes() == second.read_bytes()
    assert (
        first.name
        == f"dlcore-{wheel.version()}-{hashlib.sha256(first.read_bytes()).hexdigest()[:8]}.whl"
    )
    names = zipfile.ZipFile(first).namelist()
    assert "dlcore/labs/session.py" in names
    assert not [n for n in names if not n.endswith(".py")]
    assert {"dlcore/plots.py", "dlcore/widgets/__init__.py"} <= set(names)
    assert "dlcore/widgets/host.py" not in names  # it needs Jupyter


def test_data_and_weights_lie_in_the_page_with_the_notices_of_what_is_share_alike(
    tmp_path, monkeypatch
):
    monkeypatch.setattr(assets, "PAGE", tmp_path)
    entries = assets.package_files()
    paths = {"labs/weights/share_alike/detector.npz", "data/share_alike/mnist_6k.npz"}
    assert paths <= set(entries)
    for path, entry in entries.items():
        content = (tmp_path / entry["file"]).read_bytes()
        assert content == (common.ROOT / "dlcore" / path).read_bytes()
        if "share_alike" in path:
            assert (tmp_path / entry["file"]).with_name("LICENSE.md").exists()
    assert (tmp_path / "files/data/SOURCES.md").exists()


def test_what_an_older_version_made_for_the_page_goes(tmp_path, monkeypatch):
    monkeypatch.setattr(assets, "PAGE", tmp_path)
    dear = {f"pyodide-{runtime.VERSION}", "recordings"}  # each knows itself what has changed
    for name in (*dear, "pyodide-0.1", "page-1234", "data", "files"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").touch()
    (tmp_path / "front.1234.js").touch()
    assets._clear()
    assert {path.name for path in tmp_path.iterdir()} == dear


@pytest.fixture
def stamped(tmp_path, monkeypatch):
    """(stamp of, folder): a step whose product is a folder with one file."""
    monkeypatch.setattr(common, "DIST", tmp_path)
    folder = tmp_path / "made"
    folder.mkdir()
    (folder / "file").write_text("whole")
    return lambda made_from="sources": Stamp("step", made_from, folder), folder


def test_an_unchanged_step_is_left_out_and_a_changed_one_is_not(stamped):
    stamp, _ = stamped
    assert not stamp().fresh()
    stamp().set()
    assert stamp().fresh()
    assert not stamp("other sources").fresh()


def test_a_build_that_failed_half_way_is_not_fresh_when_the_change_is_taken_back(stamped):
    stamp, folder = stamped
    stamp().set()
    changed = stamp("other sources")
    changed.clear()  # then it fails
    (folder / "file").unlink()
    assert not stamp().fresh()


@pytest.mark.parametrize("damage", ["", "whol", "other"])
def test_a_damaged_product_is_made_again(stamped, damage):
    stamp, folder = stamped
    stamp().set()
    (folder / "file").write_text(damage)
    assert not stamp().fresh()


@pytest.mark.parametrize("files", [[], ["mlp.1.rec", "mlp.2.rec"]])
def test_a_recording_that_is_not_there_is_one_line(tmp_path, files):
    for name in files:
        (tmp_path / name).write_text("")
    with pytest.raises(StepError, match=rf"expected one mlp\.\*\.rec in .*found {len(files)};"):
        assets._recording(tmp_path, "mlp")


def small_book(folder, **cells):
    """A book of notebooks with one cell each."""
    for name, source in cells.items():
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source)])
        nbformat.write(notebook, folder / f"{name}.ipynb")
    chapters = "".join(f"\n      - file: {name}" for name in cells)
    (folder / "_toc.yml").write_text(f"parts:\n  - chapters:{chapters}\n")
    (folder / "_config.yml").write_text("execute:\n  timeout: 60\n")


def test_notebooks_are_run_once_and_kept_unless_they_fail(tmp_path, monkeypatch, capfd):
    small_book(tmp_path, good="print(6 * 7)", bad="1 / 0")
    monkeypatch.setattr(notebooks, "ROOT", tmp_path)
    monkeypatch.setattr(notebooks, "cache_folder", lambda: tmp_path / "kept")
    notebooks.run_all()
    assert "good.ipynb took" in capfd.readouterr().out
    cache = get_cache(tmp_path / "kept")
    assert cache.match_cache_file(tmp_path / "good.ipynb")
    with pytest.raises(KeyError):
        cache.match_cache_file(tmp_path / "bad.ipynb")
    small_book(tmp_path, good="print(6 * 7)")
    notebooks.run_all()
    assert "took" not in capfd.readouterr().out


def test_nothing_of_the_last_build_stays_beside_the_new_one(tmp_path, monkeypatch):
    """Sphinx writes the page of a module only if it is older than that; but its links change."""
    old = [tmp_path / "_modules" / "dlcore.html", tmp_path / "dlcore" / "page-1" / "labs.js"]
    for path in old:
        path.parent.mkdir(parents=True)
        path.touch()
    monkeypatch.setattr(book, "HTML", tmp_path)
    monkeypatch.setattr(book, "run_all", lambda: None)
    monkeypatch.setattr(book, "COMMAND", ["true"])
    book.build()
    assert not any(path.exists() for path in old)


def test_what_nbval_has_run_is_kept_with_its_outputs_unless_it_fails(tmp_path, monkeypatch):
    small_book(tmp_path, good="print(6 * 7)\n6 * 8", bad="1 / 0")
    monkeypatch.setattr(keep_outputs, "cache_folder", lambda: tmp_path / "kept")
    options = ["-p", "web.tools.keep_outputs", "-p", "no:xdist", "-p", "no:cacheprovider", "-q"]
    with warnings.catch_warnings(action="ignore", category=ResourceWarning):
        assert pytest.main([*options, "--nbval", str(tmp_path), "--rootdir", str(tmp_path)]) == 1
        gc.collect()  # nbval leaves a file open, which must not fail whatever test comes next
    cache = get_cache(tmp_path / "kept")
    _, kept = cache.merge_match_into_notebook(nbformat.read(tmp_path / "good.ipynb", 4))
    printed, value = kept.cells[0].outputs
    assert (printed.text, value.data["text/plain"]) == ("42\n", "48")
    with pytest.raises(KeyError):
        cache.match_cache_file(tmp_path / "bad.ipynb")
