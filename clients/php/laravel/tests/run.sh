#!/usr/bin/env bash
# Runs the tests of the Laravel package with every Laravel that can be had here, after syntax, style and composer.json.
#   clients/php/laravel/tests/run.sh                    8, 10 and 13
#   clients/php/laravel/tests/run.sh 10 --filter Queue  one of them, options for PHPUnit
# The trees come from tests/components/php/install.sh, which runs when one is missing. Laravel 13 runs with PHP 8.4.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../../../.." && pwd)"
cache="${UNDERSTUDY_TEST_COMPONENTS:-$HOME/.cache/understudy-components}"
# The scripted server of the fault matrix is run by Node.
export PATH="$root/node_modules/.bin:$PATH"

versions=()
while [ "$#" -gt 0 ] && [[ "$1" =~ ^[0-9]+$ ]]; do versions+=("$1"); shift; done
[ "${#versions[@]}" -gt 0 ] || versions=(8 10 13)

(
  cd "$here/.."
  find src config lang routes tests -name '*.php' -print0 | xargs -0 -n 1 -P 2 php -l >/dev/null
  composer validate --strict --no-check-publish --quiet composer.json
  phpcs --standard=phpcs.xml.dist -q
)

status=0
for version in "${versions[@]}"; do
  tree="$cache/php-laravel$version"
  php=php
  if [ "$version" = 13 ]; then
    php="$cache/php-8.4/bin/php"
    [ -e "$cache/php-8.4/ready" ] || "$root/tests/components/php/install.sh" php8.4
  fi
  [ -e "$tree/ready" ] || "$root/tests/components/php/install.sh" system "laravel$version"
  echo "== Laravel $version, PHP $("$php" -r 'echo PHP_VERSION;')" >&2
  LARAVEL_ROOT="$tree" LARAVEL_PHP="$php" "$php" -d "include_path=$tree/usr/share/php" -d error_reporting=24575 -d variables_order=EGPCS -d zend.assertions=1 \
    "$tree/usr/bin/phpunit" -c "$here/phpunit.xml.dist" "$@" || status=1
done
exit "$status"
