# What the scripts that show something have in common. Sourced by them, in the folder of Holdfast, with these set:
#   fail        a function that says what is wrong, and exits
#   module      the module that it shows, for Maven
#   sources     what goes into the build
#   products    what comes out of it
#   target      the folder for what it writes
# The rest is theirs to read: java, work.

agent_jar=agent/target/holdfast-agent.jar
built=$target/built

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
        # Of its group, what was stopped or took no notice.
        kill -KILL -- "-$pid" 2>/dev/null
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

all_built() {
    local product
    for product in "${products[@]}"; do
        [ -f "$product" ] || return 1
    done
}

# Nothing that goes into the build is newer than what was built.
up_to_date() {
    local source
    [ -f "$built" ] && all_built || return 1
    for source in "${sources[@]}"; do
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
    mvn -B -Dstyle.color=never -Dmaven.test.skip=true -Dspotless.check.skip=true -pl "$module" -am package </dev/null \
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

# Builds unless that is not wanted, and makes a folder for what this run writes.
prepare() {
    find_java
    mkdir -p "$target" || fail "cannot write to $root"
    work=$(mktemp -d "$target/run.XXXXXX") || fail "cannot write to $root/$target"
    if [ "$1" = yes ]; then
        build
    elif ! all_built; then
        fail "nothing has been built yet; leave --no-build away"
    fi
}
