#!/bin/sh
# Installs the peers of the benchmarks into a Python environment of their own.
#   bench/peers/install.sh                                    → bench/.cache/venv
#   UNDERSTUDY_BENCH_VENV=/some/folder bench/peers/install.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${UNDERSTUDY_BENCH_VENV:-$here/../.cache/venv}
# A distribution's Python is built with profile-guided optimisation, one built by pyenv often is not and runs the peers
# at two thirds of their speed. PYTHON names another one.
python=${PYTHON:-}
for candidate in /usr/bin/python3.11 /usr/local/bin/python3.11 "$(command -v python3.11 || command -v python3)"; do
  [ -n "$python" ] || ! "$candidate" -c 'import ensurepip, venv' 2> /dev/null || python=$candidate
done
[ -n "$python" ] || { echo "no Python with venv and pip: apt-get install python3-venv"; exit 1; }
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" --requirement "$here/requirements-celery.txt"
"$venv/bin/python" -m pip check
echo "the peers are in $venv"
command -v wrk > /dev/null || echo "wrk, the load generator, is missing: apt-get install wrk, or brew install wrk"
