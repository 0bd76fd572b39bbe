#!/bin/sh
# Installs what the tests need, builds infoflow with gcc, clang and the sanitizers, and runs every test.
#
#   sh tests/run.sh            everything
#   sh tests/run.sh --quick    the release build alone
#
# Two lanes of stages run side by side, one on the release build and one on all others. A stage's output comes in one
# piece, when it has ended. The last line counts the tests: N passed, N failed, N skipped.
set -eu
cd "$(dirname "$0")/.."
logs=$PWD/build/test-logs
counts=$logs/counts

# shellcheck disable=SC2046 # lists of words
sh app/install.sh $(cat app/packages tests/packages)
rm -rf "$logs"
mkdir -p "$logs"

# tally PASSED FAILED SKIPPED: of one stage.
tally() {
    echo "$*" >>"$counts"
}

# stage NAME COMMAND...: runs it, its output in one piece with that of no other between.
stage() {
    output=$logs/$1.out
    printf '\n== %s\n' "$1" >"$output"
    shift
    ended=0
    ("$@") >>"$output" 2>&1 || ended=$?
    flock "$logs" cat "$output"
    return "$ended"
}

# build PRESET: configures and builds; a warning is an error.
build() {
    stage "build-$1" build_preset "$1"
}

build_preset() {
    if { cmake --preset "$1" && cmake --build --preset "$1" --parallel "$(nproc)"; } >"$logs/build-$1.log" 2>&1; then
        tally 1 0 0
    else
        tail -n 60 "$logs/build-$1.log"
        echo "FAIL build $1"
        tally 0 1 0
        return 1
    fi
}

count() { # count FILE PATTERN
    grep -c "$2" "$1" || true
}

# scripted NAME COMMAND...: a script that prints `ok ...`, `FAIL ...` and `skip ...`, a line a test.
scripted() {
    stage "$1" judge "$@"
}

judge() {
    log=$logs/$1.log
    script=$1
    shift
    status=0
    # a lane is in the background, where a shell ignores what a terminal's keys send; there are tests of these signals
    env --default-signal=INT,QUIT "$@" >"$log" 2>&1 || status=$?
    grep -v '^ok ' "$log" || true
    bad=$(count "$log" '^FAIL ')
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || ! grep -Eq '^(ok|skip) ' "$log"; }; then
        echo "FAIL $script ended with status $status"
        bad=1
    fi
    tally "$(count "$log" '^ok ')" "$bad" "$(count "$log" '^skip ')"
}

# unit BUILD PROGRAM: one Criterion program; its summary is `Tested: N | Passing: N | Failing: N | Crashing: N`.
unit() {
    name=$(basename "$1")-$(basename "$2")
    status=0
    "$2" -j1 >"$logs/$name.log" 2>&1 || status=$?
    summary=$(sed -n 's/.*Tested: \([0-9]*\).*Passing: \([0-9]*\).*Failing: \([0-9]*\).*Crashing: \([0-9]*\).*/\1 \2 \3 \4/p' \
        "$logs/$name.log" | tail -n 1)
    # shellcheck disable=SC2086 # four words
    set -- ${summary:-0 0 0 0}
    bad=$(($3 + $4 + $(count "$logs/$name.log" 'LeakSanitizer: detected')))
    if [ "$bad" -ne 0 ] || [ "$status" -ne 0 ] || [ "$1" -eq 0 ]; then
        cat "$logs/$name.log"
        [ "$bad" -gt 0 ] || bad=1
    fi
    echo "$name: $2 passed, $bad failed"
    tally "$2" "$bad" 0
}

units() { # units BUILD FOLDER...
    stage "units-$1" each_unit "$@"
}

each_unit() {
    build=$1
    shift
    for folder in "$@"; do
        unit "$build" "$build/tests/test_$folder"
    done
}

released() {
    scripted shell sh tests/scripts.sh
    if build release; then
        units build core base dump store intake engine plot tui
        scripted cli /usr/bin/python3 tests/cli/run.py build/infoflow
        scripted docs /usr/bin/python3 tests/docs/run.py build/infoflow
        scripted recorder /usr/bin/python3 tests/recorder/run.py build/infoflow
        scripted start sh tests/start.sh
        scripted install sh tests/install.sh build
        scripted man /usr/bin/python3 tests/man.py build
        scripted deb sh tests/deb.sh build
        scripted cluster /usr/bin/python3 tests/cluster.py build
        scripted completions /usr/bin/python3 tests/completions.py build
        scripted reproducible sh tests/reproducible.sh build
        scripted faults /usr/bin/python3 tests/faults/run.py build/infoflow
        scripted valgrind /usr/bin/python3 tests/faults/valgrind.py build/infoflow
        terminal terminal build
    fi
    if [ "$quick" = no ] && build fuzz; then
        scripted fuzz sh tests/fuzz/run.sh
    fi
}

sanitized() {
    if build clang; then
        units build-clang core
    fi
    scripted analyze sh tests/analyze.sh
    if build asan; then
        units build-asan core base dump store intake engine plot tui
        scripted fuzz-replay sh tests/fuzz/run.sh --replay build-asan
        scripted cli-asan /usr/bin/python3 tests/cli/run.py build-asan/infoflow
    fi
    scripted coverage sh tests/coverage.sh
    if build tsan; then
        units build-tsan engine intake tui
        terminal terminal-tsan build-tsan
    fi
}

# The terminal's tests need a database with runs: a lane's own, so that neither waits for the other.
terminal() { # terminal NAME BUILD
    rm -f "$2/terminal.db"
    if ! "$2/infoflow" import --db "$2/terminal.db" sample-runs >"$logs/$1-import.log" 2>&1; then
        cat "$logs/$1-import.log"
        tally 0 1 0
        return
    fi
    scripted "$1" sh tests/tui/run.sh "$2/infoflow" "$2/terminal.db"
}

# lane FUNCTION: in the background. That it came to its end is noted: one that did not is a failure.
lane() {
    (
        "$1"
        tally lane
    ) &
}

lanes=1 quick=yes
if [ "${1:-}" != --quick ]; then
    lanes=2 quick=no
    lane sanitized
fi
lane released
wait

awk -v missing=$((lanes - $(count "$counts" '^lane$'))) '
    $1 == "lane" { next }
    { passed += $1; failed += $2; skipped += $3 }
    END {
        failed += missing
        printf "\n%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0
    }' "$counts"
