# Payung: `make run` starts everything, `make help` lists the rest.

SHELL := /bin/bash
PYTHON := .venv/bin/python
export PORT ?= 8000

.DEFAULT_GOAL := help
.PHONY: help setup run test check format messages bench

help: ## list what can be made
	@sed -n 's/^\([a-z]*\):.*## /  make \1\t/p' Makefile | expand -t 18

setup: ## prepare this machine: packages, environment, database, static files
	@bin/setup

run: ## set up, fill in demo data and serve on port 8000 (PORT= for another)
	@bin/setup && exec $(PYTHON) bin/serve --demo

test: ## run the whole suite on SQLite and PostgreSQL (ARGS= for pytest, NIGHT=1 samples nothing)
	@bin/setup test && PAYUNG_NIGHT="$(or $(NIGHT),$(PAYUNG_NIGHT))" bin/test $(ARGS)

check: ## lint, types, layers, migrations, templates, translations, deployment
	@bin/setup check && bin/check

format: ## format Python and templates, and mend what ruff can mend
	@bin/setup check && bin/format

messages: ## collect the texts to translate into locale/id
	@bin/setup check && $(PYTHON) bin/translations collect

bench: ## measure (QUICK=1 in one to two minutes, JSON=1 for one JSON object)
	@bin/setup check && QUICK="$(QUICK)" JSON="$(JSON)" $(PYTHON) -m bench
