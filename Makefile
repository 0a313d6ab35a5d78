# make demo: look at it.   make test: prove it.   See CONTRIBUTING.md for the rest.
PORT ?= 8000
FAMILIES ?=

.PHONY: demo test check soak bench screens clean

demo:
	@.ci/setup demo
	@exec .venv/bin/tafcore demo --port $(PORT) $(if $(FAMILIES),--families $(FAMILIES))

test:
	@.ci/setup test
	@exec .ci/test

# The pure tests: a few seconds, no database and no browser.
check:
	@.ci/setup check
	@.ci/static
	@.venv/bin/python -m pytest -q $$(find tests plugins -name 'test_*rules.py')

soak:
	@.ci/setup test
	@.venv/bin/python -m pytest -q -m soak

# Pictures of the main pages, as everybody who signs in to the demo sees them.
screens:
	@.ci/setup test
	@.venv/bin/python -m tests.browser.screens

# docs/benchmarks.md. SIZES=6000,60000 DATABASES=sqlite,postgresql SERVERS=gunicorn,granian REQUESTS=50
bench:
	@.ci/setup bench
	@.venv/bin/python -m benchmarks

# Leaves instance/ alone: it may hold records.
clean:
	rm -rf .venv node_modules build dist src/tafcore/static/vendor tests/vendor
	rm -rf .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
