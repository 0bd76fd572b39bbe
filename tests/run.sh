#!/bin/sh
# Installs what the tests need, builds infoflow with gcc, clang and the sanitizers, and runs every test.
#
#   sh tests/run.sh            everything
#   sh tests/run.sh --quick    the release build alone
#
# The last line counts the tests: N passed, N failed, N skipped.
set -eu
cd "$(dirname "$0")/.."
root=$PWD
logs=$root/build/test-logs
passed=0 failed=0 skipped=0

# shellcheck disable=SC2046 # lists of words
sh app/install.sh $(cat app/packages tests/packages)
mkdir -p "$logs"

say() {
    printf '\n== %s\n' "$*"
}

# build PRESET: configures and builds; a warning is an error.
build() {
    say "build: $1"
    if ! { cmake --preset "$1" && cmake --build --preset "$1" --parallel "$(nproc)"; } >"$logs/build-$1.log" 2>&1; then
        tail -n 60 "$logs/build-$1.log"
        echo "FAIL build $1"
        failed=$((failed + 1))
        return 1
    fi
    passed=$((passed + 1))
}

count() { # count FILE PATTERN
    grep -c "$2" "$1" || true
}

# scripted NAME COMMAND...: a script that prints `ok ...`, `FAIL ...` and `skip ...`, a line a test.
scripted() {
    name=$1
    shift
    say "$name"
    status=0
    "$@" >"$logs/$name.log" 2>&1 || status=$?
    grep -v '^ok ' "$logs/$name.log" || true
    bad=$(count "$logs/$name.log" '^FAIL ')
    if [ "$bad" -eq 0 ] && { [ "$status" -ne 0 ] || ! grep -Eq '^(ok|skip) ' "$logs/$name.log"; }; then
        echo "FAIL $name ended with status $status"
        bad=1
    fi
    passed=$((passed + $(count "$logs/$name.log" '^ok ')))
    skipped=$((skipped + $(count "$logs/$name.log" '^skip ')))
    failed=$((failed + bad))
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
    passed=$((passed + $2))
    failed=$((failed + bad))
}

units() { # units BUILD [FOLDER...]
    build=$1
    shift
    say "unit tests: $build"
    for folder in "$@"; do
        unit "$build" "$build/tests/test_$folder"
    done
}

say "scripts"
scripted shell sh tests/scripts.sh

if build release; then
    units build core base dump store intake engine plot tui
    scripted cli /usr/bin/python3 tests/cli/run.py build/infoflow
    scripted recorder /usr/bin/python3 tests/recorder/run.py build/infoflow
    scripted start sh tests/start.sh
    scripted install sh tests/install.sh build
    scripted terminal sh tests/tui/run.sh build/infoflow build/sample-runs.db
fi
if [ "${1:-}" != --quick ]; then
    if build clang; then
        units build-clang core
    fi
    if build asan; then
        units build-asan core base dump store intake engine plot tui
        scripted cli-asan /usr/bin/python3 tests/cli/run.py build-asan/infoflow
    fi
    if build tsan; then
        units build-tsan engine intake tui
        scripted terminal-tsan sh tests/tui/run.sh build-tsan/infoflow build/sample-runs.db
    fi
fi

echo
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" -eq 0 ]
