#!/bin/sh
# `make setup`: a virtual environment with the project, its tools and the Pulumi engine. PYTHON names the Python to use.
set -u
cd "$(dirname "$0")/.." || exit 1

fits() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 10))' 2>/dev/null; }

# One whose making was interrupted may have a Python and no pip yet.
has_pip() { "$1" -c 'import pip' 2>/dev/null || "$1" -m ensurepip >/dev/null 2>&1; }

if ! fits .venv/bin/python || ! has_pip .venv/bin/python; then
    python=
    for candidate in ${PYTHON:-python3 python3.13 python3.12 python3.11 python3.10 python3.14}; do
        if fits "$candidate"; then python=$candidate; break; fi
    done
    if [ -z "$python" ]; then
        echo "Python 3.10 or newer is needed and ${PYTHON:-python3} is not: install it from python.org or your package manager, or name one: make setup PYTHON=/path/to/python3" >&2
        exit 1
    fi
    echo "Making .venv with $("$python" --version)"
    if ! said=$("$python" -m venv --clear .venv 2>&1); then
        rm -rf .venv
        case $said in
            *ensurepip*) echo "$python has no venv module: install it (on Debian and Ubuntu: apt install python3-venv), then run this again" >&2 ;;
            *) echo "Making .venv failed: $(printf '%s' "$said" | tail -n 1)" >&2 ;;
        esac
        exit 1
    fi
fi
exec .venv/bin/python -m engine
