#!/usr/bin/env bash
# Builds Holdfast and measures what a guarded call costs, against the bare call and against the peers.
#   benchmarks/run.sh [quick|full] [GROUP...]     quick: some 4 minutes, the default; full: some 20
#   benchmarks/run.sh sessions [KIND...]          sessions in a Redis that it starts, of one client and of many, beside Spring Session: some 5 minutes
#   benchmarks/run.sh limits                      limits over a cluster, beside Bucket4j and Redisson: some 4 minutes
# Progress on stderr, the tables on stdout.
set -eu
cd "$(dirname "$0")/.."

pace=quick
if [ $# -gt 0 ]; then
    pace=$1
    shift
fi
case $pace in
    quick | full | sessions | limits) ;;
    *)
        echo "usage: benchmarks/run.sh [quick|full] [GROUP...] | sessions [KIND...] | limits" >&2
        exit 2
        ;;
esac

java=java
if [ -n "${JAVA_HOME:-}" ]; then
    java=$JAVA_HOME/bin/java
fi

echo "benchmarks: building the agent and the benchmarks (mvn package, no tests) ..." >&2
mvn -q -B -ntp -pl benchmarks -am -DskipTests package >&2
echo "benchmarks: measuring, $pace, with $("$java" -version 2>&1 | head -1)" >&2
if [ "$pace" = sessions ]; then
    exec "$java" @benchmarks/target/report.args dev.holdfast.benchmarks.sessions.SessionReport "$@"
fi
if [ "$pace" = limits ]; then
    exec "$java" @benchmarks/target/report.args dev.holdfast.benchmarks.limits.LimitReport
fi
exec "$java" @benchmarks/target/report.args dev.holdfast.benchmarks.Report "$pace" "$@"
