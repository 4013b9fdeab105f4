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
agent_jar=agent/target/holdfast-agent.jar
prices_jar=samples/target/prices.jar
built=samples/target/built

# Every process that is started here is a job with a process group of its own, and ends with this script.
set -m
jobs_started=()
work=
keep_work=no

end() {
    local pid
    trap '' INT TERM HUP
    for pid in ${jobs_started[@]+"${jobs_started[@]}"}; do
        kill -TERM -- "-$pid" 2>/dev/null
    done
    for pid in ${jobs_started[@]+"${jobs_started[@]}"}; do
        wait "$pid" 2>/dev/null
    done
    if [ -n "$work" ] && [ "$keep_work" = no ]; then
        rm -rf -- "$work"
    fi
}
trap end EXIT
trap 'echo; echo "Interrupted."; exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP

# The first number of a version that counts: 8 of 1.8.0_292, 17 of 17.0.15.
java_release() {
    "$1" -version 2>&1 | sed -n 's/.* version "\(1\.\)\{0,1\}\([0-9]\{1,\}\).*/\2/p' | head -n 1
}

find_java() {
    local release
    java=java
    if [ -n "${JAVA_HOME:-}" ]; then
        java=$JAVA_HOME/bin/java
        [ -x "$java" ] || fail "JAVA_HOME is $JAVA_HOME, where there is no bin/java. Correct it, or unset it."
    elif ! command -v java >/dev/null; then
        fail "java is missing. Install a JDK of 17 or newer (Debian: apt install openjdk-17-jdk-headless)."
    fi
    release=$(java_release "$java")
    [ -n "$release" ] || fail "$java -version does not tell its version: $("$java" -version 2>&1 | head -n 1)"
    [ "$release" -ge 17 ] || fail "$java is Java $release; this needs 17 or newer. Set JAVA_HOME, or PATH."
}

find_maven() {
    local said version home release
    command -v mvn >/dev/null ||
        fail "mvn is missing. Install Maven 3.8 or newer (Debian: apt install maven)."
    said=$(mvn -version 2>&1) || fail "mvn does not run: $said"
    version=$(printf '%s\n' "$said" | sed -n 's/.*Apache Maven \([0-9][0-9.]*\).*/\1/p' | head -n 1)
    case $version in
        [012].* | 3.[0-7] | 3.[0-7].*) fail "mvn is Maven $version; this needs 3.8 or newer." ;;
    esac
    # Maven finds a Java by itself, which need not be the one above.
    home=$(printf '%s\n' "$said" | sed -n 's/^Java version: .*, runtime: //p' | head -n 1)
    if [ -n "$home" ]; then
        release=$(java_release "$home/bin/java")
        [ "${release:-0}" -ge 17 ] ||
            fail "mvn runs on the Java ${release:-} in $home; this needs 17 or newer. Set JAVA_HOME."
        [ -x "$home/bin/javac" ] ||
            fail "mvn runs on the Java in $home, which has no compiler. Install a JDK, or set JAVA_HOME to one."
    fi
}

# Nothing that goes into the build is newer than what was built.
up_to_date() {
    local source
    [ -f "$built" ] && [ -f "$agent_jar" ] && [ -f "$prices_jar" ] || return 1
    for source in pom.xml LICENSE annotations runtime agent samples; do
        if [ -d "$source" ]; then
            [ -z "$(find "$source/pom.xml" "$source/src" -newer "$built" 2>/dev/null | head -n 1)" ] || return 1
        else
            [ ! "$source" -nt "$built" ] || return 1
        fi
    done
}

# Of all that Maven says, its modules and steps as they begin, and a sign of life while it fetches.
show_progress() {
    local line fetched=0 open=no step
    while IFS= read -r line; do
        case $line in
            *'Downloading from '*)
                fetched=$((fetched + 1))
                if [ $((fetched % 25)) -eq 0 ]; then
                    printf ' (%s files fetched)' "$fetched"
                    open=yes
                fi
                ;;
            '[INFO] Building '*'/'*']')
                [ "$open" = no ] || echo
                line=${line#'[INFO] Building '}
                printf '  %s %s:' "${line##* }" "$(printf '%s' "${line% *}" | sed 's/ [0-9][^ ]*SNAPSHOT.*//;s/ *$//')"
                open=yes
                ;;
            '[INFO] --- '*)
                # --- maven-compiler-plugin:3.14.1:compile (default-compile) @ holdfast-agent ---
                step=${line#'[INFO] --- '}
                step=${step%% *}
                printf ' %s' "${step##*:}"
                open=yes
                ;;
        esac
    done
    [ "$open" = no ] || echo
}

build() {
    local log=$work/build.log begun=$SECONDS maven progress status
    if up_to_date; then
        echo "Built already, nothing has changed since."
        return
    fi
    find_maven
    echo "Building with Maven; the first time it fetches what it needs, which takes minutes."
    : >"$work/begun"
    mkfifo "$work/maven" || fail "cannot make a pipe in $work"
    show_progress <"$work/maven" &
    progress=$!
    jobs_started+=("$progress")
    mvn -B -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true -pl samples -am package </dev/null \
        > >(tee "$log" >"$work/maven") 2>&1 &
    maven=$!
    jobs_started+=("$maven")
    wait "$maven"
    status=$?
    wait "$progress"
    if [ "$status" -ne 0 ]; then
        keep_work=yes
        grep '^\[ERROR\]' "$log" | sed '/\[Help 1\]/,$d' | head -n 30 >&2
        fail "the build failed; everything that Maven said is in $root/$log"
    fi
    mv -- "$work/begun" "$built"
    echo "Built in $((SECONDS - begun)) s."
}

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

find_java
mkdir -p samples/target || fail "cannot write to $root/samples"
work=$(mktemp -d samples/target/run.XXXXXX) || fail "cannot write to $root/samples/target"
if [ "$build" = yes ]; then
    build
elif [ ! -f "$agent_jar" ] || [ ! -f "$prices_jar" ]; then
    fail "nothing has been built yet; leave --no-build away"
fi

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
