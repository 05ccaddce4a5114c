#!/usr/bin/env bash
# Symfony 5.4, 6.4 and 7.4 with PHPUnit, Doctrine, Twig and Monolog, and Laravel 8, 10 and 13, for the tests of the PHP
# packages. Idempotent.
#   tests/components/php/install.sh            all: system packages, the six trees, PHP 8.4 (which Laravel 13 needs)
#   tests/components/php/install.sh 7.4        one tree of Symfony
#   tests/components/php/install.sh laravel10  one tree of Laravel
#   tests/components/php/install.sh php8.4     PHP 8.4 itself beside the system's, started by <cache>/php-8.4/bin/php
# The trees go to UNDERSTUDY_TEST_COMPONENTS/php-{5.4,6.4,7.4,laravel8…}, default ~/.cache/understudy-components. They are unpacked
# Debian packages, pure PHP, run by the system's own PHP; only PHP itself and its extensions are installed into the
# system (root or passwordless sudo). Composer's registry is not needed.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${UNDERSTUDY_TEST_COMPONENTS:-$HOME/.cache/understudy-components}"
mkdir -p "$cache"
cache="$(cd "$cache" && pwd)"

say() { echo "php components: $*" >&2; }

# Repositories fail now and then: three tries.
retry() {
  local try
  for try in 1 2 3; do
    if "$@"; then return 0; fi
    say "'$1' failed (try $try of 3)"
    sleep "$((try * 5))"
  done
  return 1
}

# The system's PHP with the extensions that the trees use. PHPUnit and Symfony come from the trees.
install_system() {
  command -v apt-get >/dev/null 2>&1 || { say "no apt-get here: install PHP 8.2 with its extensions yourself"; return 1; }
  local package missing=()
  for package in php-cli php-curl php-sqlite3 php-pgsql php-xml php-mbstring php-intl php-amqp php-redis php-apcu composer php-codesniffer; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'install ok installed' || missing+=("$package")
  done
  [ "${#missing[@]}" -gt 0 ] || return 0
  say "installing ${missing[*]}"
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  retry $sudo apt-get -o DPkg::Lock::Timeout=300 update -qq || true
  retry $sudo env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
    "${missing[@]}" >/dev/null
}

# private_apt <suite> <work>: an apt of its own with an empty list of installed packages, so that it plans the whole
# closure without touching the system's state. Sets the array `private`.
private_apt() {
  local suite="$1" work="$2"
  mkdir -p "$work/lists/partial" "$work/archives/partial" "$work/etc"
  : >"$work/status"
  local uri
  uri="$(sed -n 's/^URIs: //p' /etc/apt/sources.list.d/debian.sources 2>/dev/null | head -1)"
  [ -n "$uri" ] || uri="$(sed -n 's/^deb \(\[[^]]*\] \)\?\([^ ]*\) .*/\2/p' /etc/apt/sources.list 2>/dev/null | head -1)"
  [ -n "$uri" ] || { say "no Debian source is configured here"; return 1; }
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $uri $suite main" >"$work/etc/sources.list"
  cat >"$work/apt.conf" <<C
Dir::State "$work"; Dir::State::status "$work/status"; Dir::State::lists "$work/lists"; Dir::Cache "$work"; Dir::Cache::archives "$work/archives";
Dir::Etc::sourcelist "$work/etc/sources.list"; Dir::Etc::sourceparts "/dev/null"; Dir::Etc::preferencesparts "/dev/null"; Dir::Etc::preferences "/dev/null";
Acquire::Languages "none"; Acquire::IndexTargets::deb::DEP-11::DefaultEnabled "false"; APT::Sandbox::User "root";
C
  private=(env "APT_CONFIG=$work/apt.conf")
  retry "${private[@]}" apt-get update -qq
}

# What a tree of Symfony holds, more or less: a suite may lack some.
symfony_packages() {
  echo php-psr-http-client php-psr-http-factory php-psr-http-message php-nyholm-psr7 php-doctrine-dbal php-doctrine-orm \
    php-doctrine-persistence php-monolog php-twig phpunit
  printf 'php-symfony-%s\n' framework-bundle http-client messenger amqp-messenger redis-messenger doctrine-messenger web-profiler-bundle \
    twig-bundle validator security-bundle security-csrf form translation console runtime dotenv yaml browser-kit css-selector \
    serializer property-access lock rate-limiter monolog-bridge doctrine-bridge
}

# tree <suite> <folder> <package…>: what the suite's packages hold, unpacked beside the system.
tree() {
  local suite="$1" folder="$2"
  local wanted=("${@:3}")
  local part="$folder.part" private
  local work="$part/.apt"
  rm -rf "$part"
  private_apt "$suite" "$work"
  local name
  # Not in every suite: Webhook and RemoteEvent came with 6.3; the polyfills are for the PHP that runs the tree.
  for name in webhook remote-event polyfill-php83 polyfill-php84 polyfill-php85; do
    ! "${private[@]}" apt-cache show "php-symfony-$name" >/dev/null 2>&1 || wanted+=("php-symfony-$name")
  done
  "${private[@]}" apt-get install -s --no-install-recommends "${wanted[@]}" >"$work/plan.txt"
  awk '$1=="Inst"{gsub(/[()]/,"",$3); print $2"="$3}' "$work/plan.txt" | grep -E '^(php-[a-z]|phpunit)' |
    grep -vE '^php-(cli|common|fpm|cgi|xml|mbstring|curl|json|intl|sqlite3|pgsql|amqp|redis)=' >"$work/packages.txt"
  local packages
  mapfile -t packages <"$work/packages.txt"
  (cd "$work/archives" && retry "${private[@]}" apt-get download -qq "${packages[@]}" && rm -f ./*_amd64.deb ./*_arm64.deb)
  # The suites strip polyfills that their own, newer PHP does not need: PHP 8.2 does.
  if [ "$suite" != bookworm ] && ! ls "$work/archives"/php-symfony-polyfill-php83_* >/dev/null 2>&1; then
    (cd "$work/archives" && retry apt-get download -qq php-symfony-polyfill-php80 php-symfony-polyfill-php83)
  fi
  local deb
  for deb in "$work/archives"/*_all.deb; do dpkg -x "$deb" "$part"; done
  # Some of the generated autoloaders name the system's folder; the tree lives elsewhere (its final folder, after the move).
  { grep -rlI --include='*.php' --include=phpunit "['\"]/usr/share/php/" "$part/usr" || true; } |
    xargs -r sed -i "s#\(['\"]\)/usr/share/php/#\1$folder/usr/share/php/#g"
  rm -rf "$work"
  rm -rf "$folder"
  mv "$part" "$folder"
}

# PHP 8.4 with the C library and the extensions that it was built with, run by its own dynamic linker: no chroot, no root.
install_php84() {
  local folder="$cache/php-8.4"
  [ ! -e "$folder/ready" ] || return 0
  say "unpacking PHP 8.4 (Debian trixie) into $folder"
  local part="$folder.part" private packages deb
  local work="$part/.apt"
  rm -rf "$part"
  private_apt trixie "$work"
  "${private[@]}" apt-get install -s --no-install-recommends libc6 \
    php8.4-{cli,curl,xml,mbstring,intl,sqlite3,pgsql} php-amqp php-redis >"$work/plan.txt"
  mapfile -t packages < <(awk '$1=="Inst"{gsub(/[()]/,"",$3); print $2"="$3}' "$work/plan.txt" | grep -E '^(lib|php)' | grep -v '^php-common=')
  (cd "$work/archives" && retry "${private[@]}" apt-get download -qq "${packages[@]}")
  for deb in "$work/archives"/*.deb; do dpkg -x "$deb" "$part"; done
  rm -rf "$work"
  # Its files of settings are written by a script that did not run. Some extensions need others to be there before them.
  mkdir -p "$part/bin"
  cat >"$part/bin/php" <<'P'
#!/usr/bin/env bash
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
extensions="$(echo "$root"/usr/lib/php/2*)"
options=()
for name in ctype tokenizer phar iconv posix pdo dom simplexml xml xmlreader xmlwriter mbstring intl curl pdo_sqlite sqlite3 pdo_pgsql sockets igbinary amqp redis; do
  [ ! -e "$extensions/$name.so" ] || options+=(-d "extension=$name")
done
machine="$(uname -m)"
exec "$(echo "$root"/usr/lib*/ld-linux-*.so.*)" --library-path "$root/usr/lib/$machine-linux-gnu" \
  "$root/usr/bin/php8.4" -n -d "extension_dir=$extensions" "${options[@]}" "$@"
P
  chmod +x "$part/bin/php"
  rm -rf "$folder"
  mv "$part" "$folder"
  "$folder/bin/php" -r 'exit(PHP_VERSION_ID >= 80400 && extension_loaded("amqp") && extension_loaded("pdo_sqlite") ? 0 : 1);' ||
    { say "PHP 8.4 does not start"; return 1; }
  touch "$folder/ready"
}

# install_symfony <version> <suite>: the version is looked up in the tree, so that a moving suite is noticed.
install_symfony() {
  local folder="$cache/php-$1"
  local kernel="$folder/usr/share/php/Symfony/Component/HttpKernel/Kernel.php"
  if [ ! -e "$folder/ready" ]; then
    say "unpacking Symfony $1 (Debian $2) into $folder"
    tree "$2" "$folder" $(symfony_packages)
    if [ "$2" = sid ]; then
      # sid's Doctrine needs PHP 8.3; trixie's runs on 8.2 and with Symfony 7.4.
      rm -rf "$folder/usr/share/php/Doctrine"
      cp -r "$cache/php-6.4/usr/share/php/Doctrine" "$folder/usr/share/php/Doctrine"
      grep -rlIF "$cache/php-6.4/" "$folder/usr/share/php/Doctrine" | xargs -r sed -i "s#$cache/php-6\.4/#$folder/#g"
    fi
    cp "$here/autoload.php" "$here/InstalledVersions.php" "$folder/"
    grep -q "const VERSION = '$1\." "$kernel" || { say "$2 no longer holds Symfony $1: $(grep 'const VERSION =' "$kernel")"; return 1; }
    touch "$folder/ready"
  fi
  cmp -s "$here/autoload.php" "$folder/autoload.php" || cp "$here/autoload.php" "$folder/autoload.php"
  cmp -s "$here/InstalledVersions.php" "$folder/InstalledVersions.php" || cp "$here/InstalledVersions.php" "$folder/InstalledVersions.php"
}

# install_laravel <version> <suite>: the whole framework as Debian has it, with PHPUnit and Symfony's HTTP client.
install_laravel() {
  local folder="$cache/php-laravel$1"
  if [ ! -e "$folder/ready" ]; then
    say "unpacking Laravel $1 (Debian $2) into $folder"
    tree "$2" "$folder" php-laravel-framework php-symfony-http-client phpunit
    cp "$here/autoload-laravel.php" "$folder/autoload.php"
    grep -q "const VERSION = '$1\." "$folder/usr/share/php/Illuminate/Foundation/Application.php" ||
      { say "$2 no longer holds Laravel $1: $(grep 'const VERSION =' "$folder/usr/share/php/Illuminate/Foundation/Application.php")"; return 1; }
    # From Laravel 11 on the framework reads its own settings two folders above its source; Debian has them beside it.
    [ ! -d "$folder/usr/share/php/Illuminate/config" ] || ln -sfn php/Illuminate/config "$folder/usr/share/config"
    touch "$folder/ready"
  fi
  cmp -s "$here/autoload-laravel.php" "$folder/autoload.php" || cp "$here/autoload-laravel.php" "$folder/autoload.php"
}

[ "$#" -gt 0 ] || set -- system 5.4 6.4 7.4 php8.4 laravel8 laravel10 laravel13
for component in "$@"; do
  # One at a time: two test processes may ask for the same component.
  exec 9>"$cache/.lock-php-$component"
  flock 9
  case "$component" in
    system) install_system ;;
    php8.4) install_php84 ;;
    5.4) install_symfony 5.4 bookworm ;;
    6.4) install_symfony 6.4 trixie ;;
    7.4)
      "$0" 6.4 # see install_symfony; its PHPUnit also runs the tests of 7.4
      install_symfony 7.4 sid
      ;;
    laravel8) install_laravel 8 bookworm ;;
    laravel10) install_laravel 10 trixie ;;
    laravel13)
      "$0" php8.4 # which Laravel 13 needs
      install_laravel 13 sid
      ;;
    *) say "unknown component $component (system, 5.4, 6.4, 7.4, php8.4, laravel8, laravel10, laravel13)"; exit 2 ;;
  esac
  exec 9>&-
done
