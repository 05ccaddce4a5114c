#!/usr/bin/env bash
# Installs the real brokers that the live tests start. Idempotent; a second run ends at once.
#   tests/components/install.sh            all of them
#   tests/components/install.sh kafka      only the named ones
# They go to UNDERSTUDY_TEST_COMPONENTS, default ~/.cache/understudy-components, never into the repository.
# RabbitMQ comes from the system's packages (Debian, Ubuntu) and needs root or passwordless sudo.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
cache="${UNDERSTUDY_TEST_COMPONENTS:-$HOME/.cache/understudy-components}"
mkdir -p "$cache"

say() { echo "components: $*" >&2; }

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

apt_install() {
  command -v apt-get >/dev/null 2>&1 || { say "no apt-get here: install $* yourself"; return 1; }
  local sudo=""
  [ "$(id -u)" = 0 ] || sudo="sudo -n"
  $sudo apt-get update -qq || true
  # Policy 101: the package's own service does not start; the tests start one of theirs.
  local policy=/usr/sbin/policy-rc.d made=""
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | $sudo tee "$policy" >/dev/null && $sudo chmod 755 "$policy" && made=1
  fi
  local status=0
  retry $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null || status=$?
  [ -z "$made" ] || $sudo rm -f "$policy"
  return "$status"
}

need_java() {
  command -v java >/dev/null 2>&1 && command -v mvn >/dev/null 2>&1 && return 0
  apt_install openjdk-17-jre-headless maven
}

# maven_jars <pom> <folder>: the jars that the pom names, with what they need. Moved into place when complete.
maven_jars() {
  [ ! -d "$2" ] || return 0
  need_java
  rm -rf "$2.part"
  retry mvn -q -B -f "$1" dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory="$2.part" >&2
  mv "$2.part" "$2"
}

# Kafka with a formatted folder to copy, and an archive of its classes: a start takes 2 s instead of 6 s.
install_kafka() {
  local home="$cache/kafka-4.3.1"
  [ ! -e "$home/ready" ] || return 0
  say "installing Kafka 4.3.1 into $home"
  mkdir -p "$home"
  maven_jars "$here/kafka-pom.xml" "$home/libs"
  cp "$here/kafka-log4j2.properties" "$home/log4j2.properties"
  local java=(java -cp "$home/libs/*" "-Dlog4j2.configurationFile=$home/log4j2.properties")
  local work="$home/warm-up"
  rm -rf "$work" "$home/formatted" "$home/kafka.jsa"
  mkdir -p "$work"
  cat >"$work/server.properties" <<EOF
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:0
listeners=PLAINTEXT://127.0.0.1:0,CONTROLLER://127.0.0.1:0
controller.listener.names=CONTROLLER
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=PLAINTEXT
log.dirs=$work/data
EOF
  local port
  port="$(free_ports)"
  sed -i "s#1@127.0.0.1:0#1@127.0.0.1:$port#; s#CONTROLLER://127.0.0.1:0#CONTROLLER://127.0.0.1:$port#" "$work/server.properties"
  "${java[@]}" kafka.tools.StorageTool format -t NvQ1MXETTKCvWM1nmJtQkg -c "$work/server.properties" >"$work/format-log" 2>&1 ||
    { tail -20 "$work/format-log" >&2; return 1; }
  cp -r "$work/data" "$home/formatted"
  "${java[@]}" -Xmx512m -XX:+UseSerialGC -XX:ArchiveClassesAtExit="$home/kafka.jsa" kafka.Kafka "$work/server.properties" >"$work/log" 2>&1 &
  local pid=$! i
  for i in $(seq 1 240); do
    grep -q 'Kafka Server started' "$work/log" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.25
  done
  if ! grep -q 'Kafka Server started' "$work/log"; then
    kill -9 "$pid" 2>/dev/null || true
    tail -20 "$work/log" >&2
    return 1
  fi
  kill -TERM "$pid"
  wait "$pid" || true
  rm -rf "$work"
  touch "$home/ready"
}

free_ports() {
  local port
  for port in $(shuf -i 20000-29999 -n 50); do
    if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then
      echo "$port"
      return 0
    fi
  done
  return 1
}

install_elasticmq() {
  local home="$cache/elasticmq-1.7.1"
  [ ! -e "$home/ready" ] || return 0
  say "installing ElasticMQ 1.7.1 into $home"
  mkdir -p "$home"
  maven_jars "$here/elasticmq-pom.xml" "$home/libs"
  touch "$home/ready"
}

install_rabbitmq() {
  [ ! -x /usr/lib/rabbitmq/bin/rabbitmq-server ] || return 0
  say "installing rabbitmq-server"
  apt_install rabbitmq-server
}

[ "$#" -gt 0 ] || set -- kafka elasticmq rabbitmq
for component in "$@"; do
  declare -F "install_$component" >/dev/null || { say "unknown component $component"; exit 2; }
  # One at a time: two test processes may ask for the same component.
  exec 9>"$cache/.lock-$component"
  flock 9
  "install_$component"
  exec 9>&-
done
