# make demo   set up this machine and live a morning with the robot
# make test   set up this machine and run every check there is
# make setup  set up only
# make understanding  add torch, transformers and a sentence model: what is said is understood by meaning

PYTHON := $(shell for p in python3 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin

.PHONY: demo test setup understanding python
demo: python
	@$(PYTHON) -m kith.setup --for demo
	@$(BIN)/kith demo

test: python
	@$(PYTHON) -m kith.setup --for test
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python -m pytest -n 2 --dist loadfile -m "not quiet"
	@$(BIN)/python -m pytest -m quiet

setup: python
	@$(PYTHON) -m kith.setup --for test

understanding: setup
	@$(BIN)/kith models install understanding

python:
	@test -n "$(PYTHON)" || { echo "Kith needs Python 3.11 or 3.12: install python3 (Debian 12, Ubuntu 24.04)" >&2; exit 1; }

# The lock files, anew from pyproject.toml (see lock/README.md).
COMPILE := uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --no-emit-find-links --quiet \
	--custom-compile-command "make lock" --extra piper --extra dev
.PHONY: lock
lock:
	$(COMPILE) --python-version 3.11 --extra ros-wheels -o lock/wheels.txt
	$(COMPILE) --python-version 3.12 -c lock/ros-distribution-constraints.txt \
		--no-emit-package numpy --no-emit-package opencv-python-headless -o lock/ros-distribution.txt
