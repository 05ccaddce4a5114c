#!/usr/bin/env bash
# Everything that holds for the PHP client: syntax, style, its unit tests and the conformance suite, the last two with the
# HTTP client of the oldest and of the newest Symfony that it is used with.
#   clients/php/tests/run.sh [options for PHPUnit]
# What it needs comes from tests/components/php/install.sh, which runs when a tree is missing. PHPStan cannot be had from
# Debian: phpstan.neon.dist holds its configuration at the highest level, for `vendor/bin/phpstan` where Composer is.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
root="$(cd "$here/../.." && pwd)"
cache="${UNDERSTUDY_TEST_COMPONENTS:-$HOME/.cache/understudy-components}"
# The scripted server of the conformance suite is run by Node.
export PATH="$root/node_modules/.bin:$PATH"

for version in 5.4 6.4 7.4; do
  [ -e "$cache/php-$version/ready" ] || "$root/tests/components/php/install.sh" system "$version"
done
cd "$here"
find src tests scripts autoload.php -name '*.php' -print0 | xargs -0 -n 1 -P 2 php -l >/dev/null
php scripts/generate.php --check
composer validate --strict --no-check-publish --quiet composer.json
phpcs --standard=phpcs.xml.dist -q
runner="$cache/php-6.4"
for version in 5.4 7.4; do
  echo "== HTTP client of Symfony $version, $(php -r 'echo PHP_VERSION;')" >&2
  SF_ROOT="$cache/php-$version" php -d "include_path=$runner/usr/share/php" -d zend.assertions=1 \
    "$runner/usr/bin/phpunit" -c phpunit.xml.dist "$@"
done
