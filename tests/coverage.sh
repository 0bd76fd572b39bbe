#!/bin/sh
# How much of core and app is run by the unit tests and those of the command line, room by room, against the floors in
# coverage.py: `ok ROOM ...` or `FAIL ROOM ...`. What else tests (faults, terminals, fuzzers, the recorder) is not counted.
set -eu
cd "$(dirname "$0")/.."
build="build-coverage"
log=$build/coverage.log

export GCOV_ERROR_FILE=/dev/null # a test runs the program where it can write no counts
mkdir -p $build
if ! { cmake --preset coverage && cmake --build --preset coverage --parallel "$(nproc)"; } >$log 2>&1; then
    tail -n 60 $log
    echo "FAIL build coverage"
    exit 1
fi
find $build -name '*.gcda' -delete

status=0
tests() { # tests NAME COMMAND...
    name=$1
    shift
    if ! "$@" >$build/coverage-"$name".log 2>&1; then
        grep -E '^(FAIL|\[FAIL\]|\[CRASH\])' $build/coverage-"$name".log || true
        echo "FAIL coverage of what fails: $name"
        status=1
    fi
}
for room in core base dump store intake engine plot tui; do
    tests $room $build/tests/test_$room -j1
done
tests cli /usr/bin/python3 tests/cli/run.py $build/infoflow

# What was built knows its build folder as `build`: gcov looks for a room's headers there.
mkdir -p build
[ -e build/rooms ] || ln -s ../$build/rooms build/rooms
/usr/bin/python3 tests/coverage.py $build || status=1
exit $status
