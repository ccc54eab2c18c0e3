"""A Chromium for the tests: the machine's, else Playwright's own, else Debian's package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .common import StepError, run_step, say

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


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
    if path := find():
        return path
    say("browser: no Chromium here; fetching Playwright's (about 170 MB)")
    subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    if path := find():
        return path
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("browser: Playwright's is not to be had; installing Debian's package")
        subprocess.run(["apt-get", "update", "-qq"])
        subprocess.run(["apt-get", "install", "-y", "-qq", "chromium"])
    if path := find():
        return path
    raise StepError(
        "browser: the tests need a Chromium and none could be installed; install one (chromium)"
    )


if __name__ == "__main__":
    run_step(lambda: say(f"browser: {require()}"))
