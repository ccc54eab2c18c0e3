# make help lists what there is. The steps themselves are small Python modules in web/tools.
SHELL := /bin/sh
.NOTPARALLEL:
.DEFAULT_GOAL := help

# One thread everywhere: results differ between one and two threads in the seventh digit.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PYTHONUNBUFFERED := 1

BIN := .venv/bin
PY := $(BIN)/python

.PHONY: help book test serve lab bench bench-page soak weights check clean

minutes ?= 10

help:            ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1	/p' $(MAKEFILE_LIST)

.venv/.book: requirements.txt pyproject.toml web/tools/venv.sh
	@sh web/tools/venv.sh requirements.txt
	@touch $@

.venv/.dev: .venv/.book requirements-dev.txt
	@sh web/tools/venv.sh requirements-dev.txt
	@touch $@

book: .venv/.book   ## everything: environment, page assets, all notebooks run, the site in _build/html
	@$(PY) -m web.tools.assets
	@$(PY) -m web.tools.book

check: .venv/.dev   ## the linter only
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

test: check   ## everything that CI checks; the book takes the outputs of the notebooks' own test
	@$(PY) -m pytest -n 2 --dist loadfile -p web.tools.keep_outputs --nbval chapters
	@$(PY) -m web.tools.assets
	@$(PY) -m web.tools.book
	@$(PY) -m web.tools.chromium
	@$(PY) -m pytest -n 2 --dist loadscope --no-loadscope-reorder tests

serve: book      ## the built book on http://127.0.0.1:8000
	@$(PY) -m web.tools.serve

lab: .venv/.book   ## the notebooks in JupyterLab
	@$(BIN)/jupyter lab

bench: .venv/.dev  ## speed, beside PyTorch (prints, asserts nothing)
	@$(PY) -m bench

bench-page: .venv/.dev book  ## speed of the published page in Chromium, beside its goals (prints only)
	@$(PY) -m web.tools.chromium
	@$(PY) -m bench.page

soak: .venv/.dev book   ## a figure trains for ten minutes (minutes=3: for three); fails if memory grows
	@$(PY) -m web.tools.chromium
	@$(PY) -m bench.soak $(minutes)

weights: .venv/.book   ## train the networks whose weights figures show (a few minutes)
	@$(PY) -m web.tools.weights

clean:           ## remove everything that was built, but not downloads
	@rm -rf _build .venv web/dist web/node_modules
