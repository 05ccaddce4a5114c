#!/bin/sh
# Installs the peers of the benchmarks into a Python environment of their own.
#   bench/peers/install.sh                                    → bench/.cache/venv
#   UNDERSTUDY_BENCH_VENV=/some/folder bench/peers/install.sh
set -eu
here=$(cd "$(dirname "$0")" && pwd)
venv=${UNDERSTUDY_BENCH_VENV:-$here/../.cache/venv}
python=${PYTHON:-$(command -v python3.11 || command -v python3)}
[ -x "$venv/bin/python" ] || "$python" -m venv "$venv"
"$venv/bin/python" -m pip install --quiet --disable-pip-version-check --requirement "$here/requirements.txt"
"$venv/bin/python" -m pip check
echo "the peers are in $venv"
command -v wrk > /dev/null || echo "wrk, the load generator, is missing: apt-get install wrk, or brew install wrk"
