#!/bin/sh
# venv.sh REQUIREMENTS: a virtual environment in .venv from Python 3.11 to 3.13, and the requirements in it.
set -e

fits() {  # is "$1" a Python that the pinned packages have wheels for?
    "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null
}

find_python() {
    for name in ${PYTHON:-python3 python3.11 python3.12 python3.13 python}; do
        if fits "$name"; then echo "$name"; return; fi
    done
    echo "set-up: Python 3.11, 3.12 or 3.13 is needed, but ${PYTHON:-python3} is" \
         "$(${PYTHON:-python3} --version 2>&1 | head -n 1);" \
         "install one, or name it: make book PYTHON=/path/to/python3.12" >&2
    return 1
}

if ! fits .venv/bin/python; then
    python=$(find_python)
    echo "set-up: making .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv || {
        echo "set-up: $python cannot make a virtual environment; on Debian and Ubuntu: apt install python3-venv" >&2
        exit 1
    }
    .venv/bin/python -m pip install --disable-pip-version-check --quiet pip==26.3 || true # continues downloads
fi

echo "set-up: installing $1 (the first time about 500 MB and a few minutes)"
.venv/bin/python -m pip install --disable-pip-version-check --quiet --progress-bar on -r "$1" || {
    echo "set-up: pip could not install $1: see the lines above, then run make again" >&2
    exit 1
}
