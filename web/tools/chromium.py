"""A Chromium for the tests: the machine's, else Debian's package, else Playwright's own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .common import StepError, run_step, say

# The one without windows comes first: it opens pages in half the time.
NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)


def find() -> str | None:
    """The path of a Chromium that is here, or None."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def require() -> str:
    """The path of a Chromium, which is installed if there is none; StepError if that fails."""
    for install in (lambda: None, from_debian, from_playwright):
        install()
        if path := find():
            return path
    raise StepError(
        "browser: the tests need a Chromium and none could be installed; install one (chromium)"
    )


def from_debian():
    """On Ubuntu these packages only point to snaps; then Playwright's is taken."""
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("browser: no Chromium here; installing Debian's package")
        subprocess.run(["apt-get", "update", "-qq"])
        for package in ("chromium-headless-shell", "chromium"):
            if subprocess.run(["apt-get", "install", "-y", "-qq", package]).returncode == 0:
                return


def from_playwright():
    say("browser: no Chromium here; fetching Playwright's (about 170 MB)")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])


if __name__ == "__main__":
    run_step(lambda: say(f"browser: {require()}"))
