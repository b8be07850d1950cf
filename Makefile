# `make` alone lists what there is. Every target makes .venv and installs what it needs, if that is stale.

PYTHON_OF_VENV = .venv/bin/python
# The tests draw into memory: no display is needed, and none is used.
OFFSCREEN = QT_QPA_PLATFORM=offscreen

.DEFAULT_GOAL := help
.PHONY: demo test-programs test-rooms help setup environment run test test-all bench screenshots lint package clean machine

help: ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1: /p' $(MAKEFILE_LIST) | awk -F': ' '{ printf "make %-12s %s\n", $$1, $$2 }'

setup: environment ## make .venv and install the program with its tools, nothing else
	@echo "The environment is ready: .venv ($$($(PYTHON_OF_VENV) --version))."

environment:
	@.ci/environment

machine: environment
	@$(PYTHON_OF_VENV) .ci/check_machine.py offscreen

run: environment ## start the program (ARGS="--data-dir D" for arguments)
	@$(PYTHON_OF_VENV) .ci/check_machine.py window
	@$(PYTHON_OF_VENV) -m insomnia_desktop $(ARGS)

lint: environment ## check import rules, style, format and types
	@echo "== import rules"
	@.venv/bin/lint-imports --no-cache
	@echo "== ruff check"
	@.venv/bin/ruff check .
	@echo "== ruff format"
	@.venv/bin/ruff format --check .
	@echo "== mypy --strict"
	@.venv/bin/mypy

test: lint machine ## lint, and all tests but the slow ones
	@echo "== tests"
	@$(MAKE) --no-print-directory --jobs=2 test-programs test-rooms

# Two halves side by side, for two cores. By make and not by a shell's `&`, under which tests of Ctrl+C hear none.
PROGRAM_TESTS = tests/account tests/contract tests/demo tests/end2end tests/gui tests/sync
test-programs:
	@$(OFFSCREEN) $(PYTHON_OF_VENV) -m pytest -q -m "not slow and not bench" $(PROGRAM_TESTS)
test-rooms:
	@$(OFFSCREEN) $(PYTHON_OF_VENV) -m pytest -q -m "not slow and not bench" $(PROGRAM_TESTS:%=--ignore=%)

test-all: lint machine package ## lint, build the program, and all tests
	@echo "== tests, the slow ones too"
	@$(OFFSCREEN) $(PYTHON_OF_VENV) -m pytest -q -m "not bench"

demo: environment ## two devices side by side on one screen, with a sync server and a small API of their own
	@$(PYTHON_OF_VENV) .ci/check_machine.py window
	@$(PYTHON_OF_VENV) -m tests.demo

bench: machine ## measure, and print the table of targets with today's figures (ARGS="store" for one)
	@$(OFFSCREEN) $(PYTHON_OF_VENV) -m tests.performance $(ARGS)

screenshots: machine ## draw every state of the window into build/screenshots/
	@$(OFFSCREEN) $(PYTHON_OF_VENV) -m tests.support.screenshots $(ARGS)

package: ## build the program for this system into dist/insomnia-desktop/
	@.ci/environment package
	@echo "== package"
	@$(PYTHON_OF_VENV) -m PyInstaller --noconfirm --log-level WARN --distpath dist --workpath build/package build.spec
	@echo "The program is in dist/insomnia-desktop/."

clean: ## remove what was built and cached (.venv stays)
	rm -rf build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -path ./.venv -prune -o -name __pycache__ -type d -print0 | xargs -0 rm -rf
