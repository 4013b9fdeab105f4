#!/usr/bin/env bash
# Shows a shop on three nodes behind Nginx, with users in it, while nodes die, Redis hangs and the broker is down; says at the end what the
# users saw, and whether anything was lost.
set -u

usage() {
    cat <<'EOF'
usage: samples/cluster/run.sh [options]

Builds Holdfast and this sample, starts Redis, Nginx, a broker, a bank and three nodes of a shop on free ports of this machine, sends users
through it, and reports what they saw. Needs a JDK of 17 or newer, Maven 3.8 or newer, and nginx. Redis and RabbitMQ are used if they are
installed; else there is a Redis in a library, and a stand-in for the broker.

  --balance B       how Nginx chooses a node: round-robin (default), random, weighted, least-conn, or all of them in turn
  --fault F         what goes wrong meanwhile: none (default), node, redis-kill, redis-hang, broker, or all of them in turn
  --redis R         single (default), sentinel (a failover in place of a restart), cluster (three masters, one of which is killed)
  --shop S          server (default): the shop on the server of the JDK; servlet: the same in Tomcat
  --broker B        rabbitmq, stand-in (default: rabbitmq where it is installed)
  --users N         so many at once, 1 to 200 (default 20)
  --seconds N       for so long, 5 to 3600 (default 20; with --fault all 30)
  --soak            thirty minutes, or --seconds, of faults at random; looks at memory and threads as well
  --seed N          of the users and of what --soak draws (default 1)
  --without-agent   the servlet without -javaagent: what the users would have got
  --port N          of Nginx (default: a free one)
  --stay            leave everything running afterwards, to look at the shop; Ctrl-C ends it
  --screenshot F    write a picture of the shop to F, a .png, by headless Chromium
  --no-build        use what was built last
  -h, --help        this text

Exit status: 0 if everything was as promised, 1 if something was not, 2 if it could not be run.
EOF
}

fail() {
    echo "run.sh: $*" >&2
    exit 2
}

wrong() {
    echo "run.sh: $*" >&2
    echo "run.sh --help tells all options." >&2
    exit 2
}

# one_of <option> <value> <allowed> ...
one_of() {
    local option=$1 value=$2 one
    shift 2
    for one in "$@"; do
        [ "$value" != "$one" ] || return 0
    done
    wrong "$option is \"$value\"; expected one of: $*"
}

# between <option> <value> <least> <most>
between() {
    case $2 in
        '' | *[!0-9]* | ??????????*) wrong "$1 is \"$2\"; expected a whole number from $3 to $4" ;;
    esac
    [ "$2" -ge "$3" ] && [ "$2" -le "$4" ] || wrong "$1 is $2; expected $3 to $4"
}

build=yes
balance=round-robin
fault=none
redis=single
shop=server
broker=
users=20
seconds=
soak=no
seed=1
with_agent=yes
port=0
stay=no
screenshot=
while [ $# -gt 0 ]; do
    case $1 in
        --balance | --fault | --redis | --shop | --broker | --users | --seconds | --seed | --port | --screenshot)
            [ $# -ge 2 ] || wrong "$1 needs a value"
            ;;
    esac
    case $1 in
        --balance) balance=$2 && one_of "$1" "$2" round-robin random weighted least-conn all && shift ;;
        --fault) fault=$2 && one_of "$1" "$2" none node redis-kill redis-hang broker all && shift ;;
        --redis) redis=$2 && one_of "$1" "$2" single sentinel cluster && shift ;;
        --shop) shop=$2 && one_of "$1" "$2" server servlet && shift ;;
        --broker) broker=$2 && one_of "$1" "$2" rabbitmq stand-in && shift ;;
        --users) users=$2 && between "$1" "$2" 1 200 && shift ;;
        --seconds) seconds=$2 && between "$1" "$2" 5 3600 && shift ;;
        --seed) seed=$2 && between "$1" "$2" 0 999999999 && shift ;;
        --port) port=$2 && between "$1" "$2" 1 65535 && shift ;;
        --screenshot) screenshot=$2 && shift ;;
        --soak) soak=yes ;;
        --without-agent) with_agent=no ;;
        --stay) stay=yes ;;
        --no-build) build=no ;;
        -h | --help)
            usage
            exit 0
            ;;
        *) wrong "unknown option: $1" ;;
    esac
    shift
done
[ "$soak" = no ] || [ "$fault" = none ] || wrong "--soak draws its faults itself; leave --fault away"
[ "$soak" = no ] || [ "$balance" != all ] || wrong "--soak takes one --balance"
if [ "$with_agent" = no ]; then
    shop=servlet
fi
if [ -z "$seconds" ]; then
    case $soak$fault in
        yes*) seconds=1800 ;;
        *all) seconds=30 ;;
        *) seconds=20 ;;
    esac
fi
case $screenshot in
    '' | /*) ;;
    *) screenshot=$PWD/$screenshot ;;
esac

# Where it truly is, whatever links lead there, and whatever CDPATH says.
root=$(unset CDPATH && cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && cd ../.. && pwd -P) && cd "$root" ||
    fail "cannot find its own folder"
[ -f samples/cluster/run.sh ] ||
    fail "$root is not the folder of Holdfast; call samples/cluster/run.sh in there, not a link to it"
# Servers lie where a user's PATH does not lead.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

module=samples/cluster
sources=(pom.xml LICENSE annotations test-servers servlets runtime agent samples/cluster)
products=(agent/target/holdfast-agent.jar samples/cluster/target/cluster.jar)
target=samples/cluster/target
. samples/common.sh

# Says what is missing before anything is built.
command -v nginx >/dev/null ||
    fail "nginx is missing. Install it (Debian: apt install nginx-light; it need not run as a service)."
if ! command -v redis-server >/dev/null; then
    [ "$redis" = single ] ||
        fail "redis-server is missing, which --redis $redis needs. Install it (Debian: apt install redis-server)."
    echo "redis-server is not installed, so one that a library carries is used (Debian: apt install redis-server)."
fi
rabbit=
for one in /usr/lib/rabbitmq/bin/rabbitmq-server "$(command -v rabbitmq-server)"; do
    if [ -z "$rabbit" ] && [ -n "$one" ] && [ -x "$one" ] && command -v epmd >/dev/null; then
        rabbit=$one
    fi
done
if [ -z "$rabbit" ]; then
    [ "$broker" != rabbitmq ] ||
        fail "rabbitmq-server is missing. Install it (Debian: apt install rabbitmq-server), or say --broker stand-in."
    echo "RabbitMQ is not installed, so a stand-in takes the messages (Debian: apt install rabbitmq-server)."
fi
[ "$broker" != stand-in ] || rabbit=
chromium=
if [ -n "$screenshot" ]; then
    for one in chromium chromium-browser google-chrome; do
        chromium=${chromium:-$(command -v "$one")}
    done
    [ -n "$chromium" ] || fail "chromium is missing, which --screenshot needs. Install it (Debian: apt install chromium)."
fi

prepare "$build"

agent=$agent_jar
[ "$with_agent" = yes ] || agent=
mkdir "$work/temp" || fail "cannot write to $root/$work"
"$java" -Xmx256m "-Djava.io.tmpdir=$root/$work/temp" -cp "samples/cluster/target/cluster.jar:samples/cluster/target/lib/*" \
    dev.holdfast.samples.cluster.Main "agent=$agent" "work=$work" "balance=$balance" "fault=$fault" "redis=$redis" \
    "shop=$shop" "rabbitmq=$rabbit" "users=$users" "seconds=$seconds" "soak=$soak" "seed=$seed" "port=$port" \
    "stay=$stay" "chromium=$chromium" "screenshot=$screenshot" </dev/null &
main=$!
jobs_started+=("$main")
wait "$main"
status=$?
if [ "$status" -ne 0 ]; then
    keep_work=yes
    echo "What all processes said is in $root/$work"
fi
exit "$status"
