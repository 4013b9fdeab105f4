#!/usr/bin/env bash
# Measures what the agent costs at the start of a program, in CPU time and memory, beside no agent, one that does nothing, AspectJ's weaver and
# OpenTelemetry's agent.
#   benchmarks/startup.sh [ROUNDS]     11 rounds, the default, take some 10 minutes; Linux only
# Each round runs every variant once, one after the other, so that whatever else the machine does meets them all. Medians on stdout.
set -eu
cd "$(dirname "$0")/.."
rounds=${1:-11}
java=java
javac=javac
jar=jar
if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
    javac=$JAVA_HOME/bin/javac
    jar=$JAVA_HOME/bin/jar
fi
work=benchmarks/target/startup
mkdir -p "$work/app" "$work/nothing" "$work/jars"
if [ -z "${SKIP_BUILD:-}" ]; then
    echo "startup: building the agent (mvn package, no tests) and getting the others ..." >&2
    mvn -q -B -ntp -pl agent -am -DskipTests package >&2
fi
for artifact in org.aspectj:aspectjweaver:1.9.27 io.opentelemetry.javaagent:opentelemetry-javaagent:2.33.1 \
    org.bouncycastle:bcprov-jdk18on:1.84 com.google.guava:guava:33.6.0-jre com.h2database:h2:2.3.232 \
    org.scala-lang:scala-library:2.13.18; do
    name=${artifact#*:}
    if [ ! -e "$work/jars/${name%:*}-${name#*:}.jar" ]; then
        mvn -q -B -ntp org.apache.maven.plugins:maven-dependency-plugin:3.9.0:copy -Dartifact="$artifact" \
            -DoutputDirectory="$PWD/$work/jars" >&2
    fi
done
annotations=$(ls annotations/target/holdfast-annotations-*.jar | grep -v sources | head -1)
"$javac" -nowarn -proc:none -d "$work/app" -cp "$annotations" benchmarks/startup/*.java
cat > "$work/Nothing.java" <<'JAVA'
public final class Nothing {
    public static void premain(String arguments, java.lang.instrument.Instrumentation jvm) {}
}
JAVA
"$javac" -d "$work/nothing" "$work/Nothing.java"
printf 'Premain-Class: Nothing\n' > "$work/manifest"
"$jar" --create --file "$work/nothing.jar" --manifest "$work/manifest" -C "$work/nothing" .

libraries=$(ls "$work"/jars/*.jar | grep -v -e aspectjweaver -e opentelemetry | paste -sd:)
declare -A agents=(
    [none]=""
    [nothing]="-javaagent:$work/nothing.jar"
    [holdfast]="-javaagent:agent/target/holdfast-agent.jar"
    [aspectj]="-javaagent:$(ls "$work"/jars/aspectjweaver-*.jar)"
    [opentelemetry]="-javaagent:$(ls "$work"/jars/opentelemetry-javaagent-*.jar) -Dotel.traces.exporter=none -Dotel.metrics.exporter=none -Dotel.logs.exporter=none"
)
names="none nothing holdfast aspectj opentelemetry"

# once PROGRAM AGENT: the milliseconds of CPU, and what the program prints.
once() {
    local main="Loads 0"
    case $1 in
        classes) main="Loads 10000" ;;
        fifty) main="Fifty" ;;
    esac
    TIMEFORMAT='%U %S'
    # shellcheck disable=SC2086
    { time "$java" ${agents[$2]} -cp "$work/app:$annotations:$libraries" $main > "$work/out" 2> /dev/null; } 2> "$work/time"
    awk '{printf "%d ", ($1 + $2) * 1000}' "$work/time"
    head -1 "$work/out" | grep -E '^[0-9]+$' || echo 0
}

median() {
    sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'
}

echo "startup: $rounds rounds with $("$java" -version 2>&1 | head -1)" >&2
printf '%-12s' "CPU ms"
for name in $names; do printf '%15s' "$name"; done
printf '\n'
for program in hello classes fifty; do
    rm -f "$work"/result.*
    for ((round = 0; round < rounds; round++)); do
        for name in $names; do
            once "$program" "$name" >> "$work/result.$name"
        done
    done
    printf '%-12s' "$program"
    for name in $names; do printf '%15s' "$(cut -d' ' -f1 "$work/result.$name" | median)"; done
    printf '\n'
    if [ "$program" != fifty ]; then
        printf '%-12s' "  MiB"
        for name in $names; do printf '%15s' "$(($(cut -d' ' -f2 "$work/result.$name" | median) / 1024))"; done
        printf '\n'
    fi
done
