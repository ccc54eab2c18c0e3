"""The unit tests of dlcore pass in the page's Python, too: older, 32 bits wide, without BLAS."""

import re
import subprocess
import sysconfig
from pathlib import Path

from web.tools.common import PAGE, ROOT
from web.tools.node import node_environment

HERE = Path(__file__).parent
PACKAGES = sysconfig.get_paths()["purelib"]


def test_the_unit_tests_pass_in_the_page():
    assert PAGE.exists(), "there are no files for the page; run make book"
    command = ["node", str(HERE / "node.mjs"), str(ROOT), str(HERE / "inner.py"), PACKAGES]
    run = subprocess.run(command, capture_output=True, text=True, env=node_environment())
    tail = "\n".join((run.stdout + run.stderr)[-6000:].splitlines()[-40:])
    print(tail)
    assert run.returncode == 0, tail
    passed = re.search(r"(\d+) passed", tail)
    assert int(passed.group(1)) > 300
