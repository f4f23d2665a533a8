#!/usr/bin/env bash
# Every check of the source, each with its verdict; all of them run, and one failure fails the whole.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATH=$PWD/.venv/bin:$PATH DJANGO_SETTINGS_MODULE=config.settings.test PYTHONPATH=$PWD
unset DATABASE_URL MIAOPU_TODAY MIAOPU_VAR

failed=()
step() { # name, command…
    local name=$1 output
    shift
    if output=$("$@" 2>&1 </dev/null); then
        printf 'check: %-28s ok\n' "$name"
    else
        printf 'check: %-28s FAILED\n%s\n' "$name" "$output"
        failed+=("$name")
    fi
}

production_settings() {
    env DJANGO_SETTINGS_MODULE=config.settings.production \
        SECRET_KEY="$(python -c 'import secrets; print(secrets.token_urlsafe(60))')" \
        ALLOWED_HOSTS=office.example DATABASE_URL=sqlite://:memory: MIAOPU_VAR="$PWD/var" \
        python manage.py check --deploy --fail-level WARNING
}

step "ruff" ruff check
step "ruff format" ruff format --check
step "mypy" mypy
step "layers (import-linter)" lint-imports
step "templates, lint" djlint --quiet --lint config cultivation subsidies documents
step "templates, layout" djlint --quiet --check config cultivation subsidies documents
step "migrations" python manage.py makemigrations --check --dry-run
step "production settings" production_settings
step "translations" python .ci/translations.py
step "generated documents" python manage.py generate_docs --check

[ ${#failed[@]} -eq 0 ] || {
    printf 'check: failed: %s\n' "${failed[*]}"
    exit 1
}
