#!/bin/sh
# Everything that holds for the Python client, in a virtual environment of its own. PYTHON names the interpreter; further
# arguments go to pytest. With UNDERSTUDY_TEST_URL and UNDERSTUDY_TEST_KEY the live tests run too.
set -eu
here=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
python=${PYTHON:-python3}
version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
venv=${UNDERSTUDY_COMPONENTS:-"$HOME/.cache/understudy-components"}/python-client/$version
bin=$venv/bin

# What is installed is what the project file asked for: the sum of the file is the stamp.
stamp=$(cksum <"$here/pyproject.toml")
if [ ! -x "$bin/python" ] || [ "$(cat "$venv/stamp" 2>/dev/null)" != "$stamp" ]; then
  rm -rf "$venv"
  mkdir -p "$(dirname -- "$venv")"
  "$python" -m venv "$venv"
  tools=$("$python" - "$here/pyproject.toml" <<'PYTHON'
import re
import sys

text = open(sys.argv[1], encoding="utf-8").read()
pinned = re.findall(r'"([^"]+)"', re.search(r"^dev = \[(.*?)^\]", text, re.M | re.S).group(1))
# The checkers and the newest pandas are for newer Pythons; an old one gets what still runs there.
old = sys.version_info < (3, 11)
print(" ".join(["pytest", "pandas"] if old else pinned))
PYTHON
)
  for attempt in 1 2 3; do
    # shellcheck disable=SC2086
    "$bin/python" -m pip install --quiet --disable-pip-version-check -e "$here" $tools && break
    [ "$attempt" = 3 ] && exit 1
    sleep $((attempt * 5))
  done
  printf '%s\n' "$stamp" >"$venv/stamp"
fi

cd "$here"
if [ -x "$bin/ruff" ]; then
  "$bin/ruff" check --quiet .
  "$bin/ruff" format --quiet --check .
  "$bin/mypy"
  "$bin/vermin" --quiet --no-tips --eval-annotations --backport typing_extensions --target=3.9- --violations src
fi
exec "$bin/python" -m pytest "$@"
