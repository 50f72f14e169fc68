# Shortcuts. What must return an exit code that means something is typed without make: make turns every failure into 2.

# The Python that .venv was made with, once there is one; `make setup PYTHON=python3.12` makes it anew.
PYTHON ?= $(if $(realpath .venv/bin/python),.venv/bin/python,python3)
export PYTHON

.PHONY: help setup drill test check proof soak docs bench allure lock clean

help: ## what there is to type
	@sed -n 's/^\([a-z]*\):[^#]*## \(.*\)/  make \1	\2/p' Makefile

setup: ## .venv and node_modules from the lock files; instant when nothing changed
	@"$$PYTHON" -m tools.setup

drill: setup ## break a bot on the embedded cloud, roll it back, prove it well; leaves reports/latest
	@.venv/bin/pytest -m drill

test: check ## everything that must hold of this project itself
	.venv/bin/pytest tests -n 4 --dist loadfile --no-loadscope-reorder -p randomly

check: setup ## lint, format and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

proof: setup ## every fault and benign variant under all suites, for two bots; leaves reports/proof/matrix.json
	@.venv/bin/python -m proof

soak: setup ## the whole proof, 100 looks at a good bot that must raise no alarm, 200 rollbacks and 100 drills that are cut short
	@.venv/bin/python -m proof --clean-looks 100 --limit 1800
	@.venv/bin/python -m soak --rounds 200 --drills 100

docs: setup ## write docs/checks.md from the checks that there are, schedules/ from their table
	@.venv/bin/python -m tools.checks_table
	@.venv/bin/python -m tools.schedules

bench: setup ## figures: a look, a verified rollback, decisions by simulation, the client, growth; plots in bench/plots
	@.venv/bin/python -m bench

allure: setup ## the newest session as one file of Allure, reports/latest/allure.html; opens offline, tells nobody
	@.venv/bin/python -m tools.allure

lock: .venv/bin/uv ## write both lock files again, after a change of pyproject.toml or package.json
	.venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 --extra dev \
		--custom-compile-command "make lock" --output-file requirements.lock pyproject.toml
	echo "pip>=26" | .venv/bin/uv pip compile --quiet --universal --generate-hashes --python-version 3.11 \
		--custom-compile-command "make lock" --output-file tools/pip.lock -
	.venv/bin/python -m tools.npm install --package-lock-only --ignore-scripts
	.venv/bin/python -m tools.npm install --package-lock-only --ignore-scripts --prefix tools/allure

.venv/bin/uv:
	@"$$PYTHON" -m tools.setup

clean: ## remove what set-up and tools made; reports stay
	rm -rf .venv node_modules tools/allure/node_modules .stamps .backstop .pytest_cache .mypy_cache .ruff_cache .hypothesis .benchmarks
