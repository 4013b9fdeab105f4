#!/usr/bin/env bash
# Shows what Holdfast does, on a small price service: builds, starts it under the agent, lets the service that it
# depends on go wrong in every way, and says at each step what the customers got.
set -u

usage() {
    cat <<'END'
usage: samples/run.sh [options]

Builds Holdfast and its sample, starts the sample under the agent, sends real HTTP requests through it while the
service that it depends on fails, and says what came of them. Needs a JDK of 17 or newer and Maven 3.8 or newer.

  --no-build        use what was built last
  --without-agent   the same without -javaagent: what the customers would have got
  --stay            leave everything running afterwards, to try it by hand; Ctrl-C ends it
  -h, --help        this text

Exit status: 0 if every step went as promised, 1 if one did not, 2 if it could not be run.
END
}

build=yes
agent=yes
stay=no
for argument in "$@"; do
    case $argument in
        --no-build) build=no ;;
        --without-agent) agent=no ;;
        --stay) stay=yes ;;
        -h | --help)
            usage
            exit 0
            ;;
        *)
            echo "run.sh: unknown argument: $argument" >&2
            usage >&2
            exit 2
            ;;
    esac
done

fail() {
    echo "run.sh: $*" >&2
    exit 2
}

# Where it truly is, whatever links lead there, and whatever CDPATH says.
root=$(unset CDPATH && cd -P -- "$(dirname -- "${BASH_SOURCE[0]}")" && cd .. && pwd -P) && cd "$root" ||
    fail "cannot find its own folder"
[ -f samples/run.sh ] || fail "$root is not the folder of Holdfast; call samples/run.sh in there, not a link to it"
prices_jar=samples/target/prices.jar

module=samples
sources=(pom.xml LICENSE annotations servlets runtime agent samples)
products=(agent/target/holdfast-agent.jar "$prices_jar")
target=samples/target
. samples/common.sh

# Starts a server in the background, and waits until it says where it listens: start <name> <command> ...
start() {
    local name=$1 pid tries=0
    shift
    : >"$work/$name.out"
    "$@" >"$work/$name.out" 2>"$work/$name.err" </dev/null &
    pid=$!
    jobs_started+=("$pid")
    until grep -q '^http' "$work/$name.out"; do
        tries=$((tries + 1))
        if ! kill -0 "$pid" 2>/dev/null || [ "$tries" -gt 300 ]; then
            keep_work=yes
            cat "$work/$name.err" >&2
            fail "the $name did not start; what it said is in $root/$work"
        fi
        sleep 0.1
    done
    address=$(head -n 1 "$work/$name.out")
}

prepare "$build"

echo
echo "A shop asks a market for prices, over HTTP, and tells its customers. Three processes:"
start market "$java" -cp "$prices_jar" dev.holdfast.samples.demo.Market
market=$address
echo "  the market     $market, which goes wrong as the demo wants it"
if [ "$agent" = yes ]; then
    start shop "$java" "-javaagent:$agent_jar" -jar "$prices_jar" "$market"
    shop=$address
    echo "  the shop       $shop, started by"
    echo "                 java -javaagent:$agent_jar -jar $prices_jar $market"
else
    start shop "$java" -jar "$prices_jar" "$market"
    shop=$address
    echo "  the shop       $shop, started without Holdfast by"
    echo "                 java -jar $prices_jar $market"
    echo "                 so most of what is checked below cannot hold"
fi
echo "  the customers  who come now"
echo "The shop's code is samples/src/main/java/dev/holdfast/samples/prices/Prices.java."

"$java" -cp "$prices_jar" dev.holdfast.samples.demo.Demo "$market" "$shop" </dev/null &
demo=$!
jobs_started+=("$demo")
wait "$demo"
status=$?

if [ -s "$work/shop.err" ]; then
    echo
    echo "What the shop wrote to stderr meanwhile:"
    sed 's/^/   /' "$work/shop.err"
fi
if [ "$stay" = yes ]; then
    echo
    echo "Everything goes on running; Ctrl-C ends it. To try by hand:"
    echo "   curl $shop/price/tea"
    echo "   curl -X PUT -d down $market/switch      (or: well, shaky, slow, \"down 3\")"
    while :; do sleep 1; done
fi
exit "$status"
