#!/usr/bin/env bash
# What the end-to-end tests run in Python (the official OpenAI client, Protocol Buffers), in a folder of its own, where
# they look for it.
set -euo pipefail
cd "$(dirname "$0")"
folder="${UNDERSTUDY_TEST_COMPONENTS:-$HOME/.cache/understudy-components}/python-openai"
if [ -f "$folder/requirements.txt" ] && cmp -s requirements.txt "$folder/requirements.txt"; then
  exit 0
fi
if ! python3 -m venv --help >/dev/null 2>&1; then
  echo "python3 with its module venv is missing (Debian: python3-venv)" >&2
  exit 1
fi
rm -rf "$folder"
mkdir -p "$(dirname "$folder")"
python3 -m venv "$folder"
for attempt in 1 2 3; do
  if "$folder/bin/pip" install --quiet --disable-pip-version-check -r requirements.txt; then
    cp requirements.txt "$folder/requirements.txt"
    exit 0
  fi
  sleep "$attempt"
done
echo "the packages of requirements.txt could not be installed" >&2
exit 1
