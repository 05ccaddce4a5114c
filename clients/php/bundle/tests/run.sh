#!/usr/bin/env bash
# Runs the bundle's tests with every Symfony that it supports.
#   clients/php/bundle/tests/run.sh                     5.4, 6.4 and 7.4
#   clients/php/bundle/tests/run.sh 7.4 --filter Form   one of them, options for PHPUnit
#   UNDERSTUDY_TEST_PHP=8.4 clients/php/bundle/tests/run.sh 7.4   with PHP 8.4 instead of the system's
# The trees come from tests/components/php/install.sh, which runs when one is missing. PHP 8.2 or later.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../../.." && pwd)"
cache="${UNDERSTUDY_TEST_COMPONENTS:-$HOME/.cache/understudy-components}"
export PATH="$root/node_modules/.bin:$PATH"

versions=()
while [ "$#" -gt 0 ] && [[ "$1" =~ ^[0-9]+\.[0-9]+$ ]]; do versions+=("$1"); shift; done
[ "${#versions[@]}" -gt 0 ] || versions=(5.4 6.4 7.4)

php=php
if [ -n "${UNDERSTUDY_TEST_PHP:-}" ]; then
  [ -e "$cache/php-$UNDERSTUDY_TEST_PHP/ready" ] || "$root/tests/components/php/install.sh" "php$UNDERSTUDY_TEST_PHP"
  php="$cache/php-$UNDERSTUDY_TEST_PHP/bin/php"
fi

status=0
for version in "${versions[@]}"; do
  tree="$cache/php-$version"
  # 7.4's own PHPUnit needs PHP 8.4: 6.4's runs both.
  runner="$tree"
  [ "$version" != 7.4 ] || runner="$cache/php-6.4"
  for folder in "$tree" "$runner"; do
    [ -e "$folder/ready" ] || "$root/tests/components/php/install.sh" system "${folder##*/php-}"
  done
  echo "== Symfony $version, PHP $("$php" -r 'echo PHP_VERSION;')" >&2
  SF_ROOT="$tree" "$php" -d "include_path=$runner/usr/share/php" -d variables_order=EGPCS -d zend.assertions=1 \
    "$runner/usr/bin/phpunit" -c "$here/phpunit.xml.dist" "$@" || status=1
done
exit "$status"
