# Chợ Phiên. Two commands matter: `make run` and `make test`. Nothing else needs to be installed first.
SHELL := /bin/bash
PY := .venv/bin/python
PARTS := app core places messages accounts households cooperatives catalog traceability orders revenue payments registry storefront office programme channels
EXISTING = $(wildcard $(PARTS))
# a third less CPU at each start, also where PYTHONDONTWRITEBYTECODE is set
COMPILED = $(PY) -m compileall -q $(EXISTING) config.py wsgi.py

.DEFAULT_GOAL := help
.PHONY: help run test check lint bench lighthouse exam demo lock places fonts clean

help:  ## what you can do here
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "make %-10s %s\n", $$1, $$2}' Makefile

.venv/run.done: requirements/run.txt scripts/venv.sh
	@bash scripts/venv.sh run

.venv/test.done: .venv/run.done requirements/test.txt
	@bash scripts/venv.sh test

run: .venv/run.done  ## set everything up, seed the demonstration world, serve it, print sign-ins
	@$(COMPILED) && $(PY) -m app.start

demo: .venv/run.done  ## throw the demonstration world away and make it anew
	@rm -rf instance && $(PY) -m flask --app wsgi demo seed

test: .venv/test.done  ## everything, in a real browser and on a real PostgreSQL too
	@bash scripts/browser.sh
	@$(COMPILED) && $(PY) -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(TESTS)

check: lint  ## format, lint, types, contracts, sizes, texts
	@$(PY) -m pytest -q tests/ground

lint: .venv/test.done  ## the same without the tests of the ground
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy $(EXISTING) config.py wsgi.py
	@.venv/bin/lint-imports
	@.venv/bin/djlint templates --lint --quiet
	@$(PY) scripts/catalogue.py --check
	@.venv/bin/mkdocs build --strict --quiet --site-dir build/site

bench: .venv/test.done  ## CPU per request beside a bare Flask page (and nginx where installed)
	@$(PY) -m benchmarks

lighthouse: .venv/test.done  ## Lighthouse's scores of the public pages (needs Node and Chromium)
	@$(PY) -m benchmarks.lighthouse

exam: .venv/test.done  ## the slow exams in full: kill -9, last unit, long random books
	@bash scripts/browser.sh
	@EXAM=full $(PY) -m pytest -m slow -p no:randomly

lock:  ## make the lock files anew from requirements/*.in (needs uv)
	@for f in run test data; do uv pip compile -q --generate-hashes --python-version 3.11 --no-emit-index-url --no-header requirements/$$f.in -o requirements/$$f.txt; done

places:  ## make places/data anew from the published package
	@python3 -m venv build/places && build/places/bin/pip -q install --require-hashes -r requirements/data.txt && build/places/bin/python scripts/make_places.py

clean:  ## remove what was made here
	@rm -rf .venv instance build .mypy_cache .ruff_cache .pytest_cache .hypothesis
