"""A static server for the built book, as plain as they come: no compression, no headers."""

from __future__ import annotations

import argparse
import functools
import http.server
import posixpath
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .common import HTML, StepError, run_step, say

MIME_TYPES = {
    ".js": "text/javascript",
    ".json": "application/json",
    ".wasm": "application/wasm",
    ".gz": "application/octet-stream",
}


class Handler(http.server.SimpleHTTPRequestHandler):
    """Serves a folder under a path prefix, with the MIME types that modules need."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each file waits 40 ms, for the answer to its headers
    extensions_map = http.server.SimpleHTTPRequestHandler.extensions_map | MIME_TYPES

    def __init__(self, *args, prefix: str = "/", **kwargs) -> None:
        self.prefix = prefix
        super().__init__(*args, **kwargs)

    def translate_path(self, path: str) -> str:
        if not path.startswith(self.prefix):
            return posixpath.join(self.directory, "outside-the-site")  # does not exist: 404
        return super().translate_path("/" + path[len(self.prefix) :])

    def log_message(self, format: str, *args) -> None:
        """Keep quiet: the browser shows what failed."""


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


@contextmanager
def serving(folder: Path, prefix: str = "/", port: int = 0) -> Iterator[str]:
    """The address at which `folder` is served while the block runs."""
    handler = functools.partial(Handler, directory=str(folder), prefix=prefix)
    server = Server(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}{prefix}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--port", type=int, default=8000)
    port = options.parse_args().port
    if not (HTML / "intro.html").exists():
        raise StepError(f"serve: there is no book in {HTML}; run make book")
    try:
        with serving(HTML, port=port) as address:
            say(f"serve: the book is at {address} (Ctrl-C ends)")
            threading.Event().wait()
    except KeyboardInterrupt:
        say("")
    except OSError as error:
        raise StepError(
            f"serve: port {port} is not free ({error.strerror}); try --port 8001"
        ) from None


if __name__ == "__main__":
    run_step(main)
