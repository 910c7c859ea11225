# `make help` says what there is. Everything goes into .venv and .agentcore; the engine's build into your cache.
.SILENT:
.PHONY: help port setup up down test test-faults generators check lowest docs schemas wheel bench
.DEFAULT_GOAL := help

PYTHON ?=
PORT ?=
# More tests or fewer: make test TESTS=tests/rules
TESTS ?=
ROWS ?=
RUNS ?=

help: ## what there is
	awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile

setup: ## .venv with the project, its tools and the Pulumi engine
	PYTHON='$(PYTHON)' engine/setup.sh

# Before setup, which may take minutes.
port:
	case '$(PORT)' in '') ;; *[!0-9]* | ??????*) false ;; *) [ '$(PORT)' -ge 1 ] && [ '$(PORT)' -le 65535 ] ;; esac || \
		{ echo "make up PORT=$(PORT): a port is a number from 1 to 65535" >&2; exit 1; }

up: port setup ## deploy stack local to an AWS on this machine and call a tool (PORT=4700: on another port)
	.venv/bin/python -m engine.demo up '$(PORT)'

down: setup ## destroy stack local and stop local AWS
	.venv/bin/python -m engine.demo down

test: setup ## all tests, in parallel (TESTS=tests/rules: only those)
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest -q -n auto --dist worksteal $(TESTS)

test-faults: setup ## the long walks through faults that make test leaves out, and how much of each was walked
	PATH="$(CURDIR)/.venv/bin:$$PATH" .venv/bin/python -m pytest -q -n auto --dist worksteal -m long $(TESTS)

generators: setup ## record again what generators and MCP servers write, into the tests; needs npm and the package index
	.venv/bin/python tests/generators/mcp_servers/record.py
	.venv/bin/python tests/generators/openapi/record.py

check: setup ## format, lint, types, boundaries between the packages, workflows, long files
	.venv/bin/python -m engine.check

lowest: setup ## the package with the lowest versions that pyproject.toml allows; needs the package index
	.venv/bin/python -m engine.lowest

docs: setup ## the documents as a site, in .agentcore/site; any broken link or reference is an error
	.venv/bin/python -c 'import mkdocs, mkdocstrings, material' 2>/dev/null || .venv/bin/python -m pip install --quiet --disable-pip-version-check --group docs
	NO_MKDOCS_2_WARNING=1 .venv/bin/python -m mkdocs build --quiet --strict
	echo "The documents: file://$(CURDIR)/.agentcore/site/index.html"

schemas: setup ## schemas of stack files for editors and docs/coverage.md, written again from the arguments
	cd agentcore_provider/stack_config && \
		../../.venv/bin/agentcore config schema 2>/dev/null > .schema && mv .schema stack_file.schema.json && \
		../../.venv/bin/agentcore config schema --partial 2>/dev/null > .schema && mv .schema partial_stack_file.schema.json
	.venv/bin/python docs/coverage.py

wheel: setup ## the package as it is published, wheel and source, in dist
	rm -rf dist
	.venv/bin/python -m hatchling build -d dist

bench: setup ## how fast things are, as ratios within one run (ROWS="one-gateway commands", RUNS=5; ROWS=--list: which)
	.venv/bin/python -m tests.bench $(ROWS) $(if $(RUNS),--runs $(RUNS))
