# For developers. Residents' side of things needs only ./run and ./test.
.PHONY: run test check bench i18n format

run:
	./run

test:
	./test

# Lint, format, types, templates and translations; the import directions are tests/architecture.
check:
	python3 -m tools.bootstrap check

bench:
	python3 -m tools.bootstrap bench

# Collect new texts from code and templates into translations/*/LC_MESSAGES/messages.po.
i18n:
	python3 -m tools.bootstrap install-for-tests
	.venv/bin/pybabel extract -q -F translations/babel.cfg -k lazy_gettext -k _l -c NOTE: --no-location --sort-output -o .venv/messages.pot .
	.venv/bin/pybabel update -q --no-fuzzy-matching --ignore-obsolete -i .venv/messages.pot -d translations
	.venv/bin/pybabel compile -d translations

format:
	python3 -m tools.bootstrap install-for-tests
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .
