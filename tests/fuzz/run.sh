#!/bin/sh
# Fuzzing: every parser of what comes from outside.
#
#   sh tests/fuzz/run.sh                             60 seconds each, two at a time (build them first: --preset fuzz),
#                                                    from one seed, so that what it finds is found again
#   sh tests/fuzz/run.sh --seconds 3600 npz          an hour of one
#   sh tests/fuzz/run.sh --replay build-asan         no fuzzing: the seeds and all that was ever found, once
#
# A line a fuzzer: `ok NAME: ...` or `FAIL NAME: ...`. What it found stays in build-fuzz/found; what is mended goes to
# tests/fuzz/found, which every replay tries. Inputs that reached something new stay in build-fuzz/corpus.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$here/../../build-fuzz
seconds=60
seed=1 # 0: another one each time
replay=no

while [ $# -gt 0 ]; do
    case $1 in
    --seconds) seconds=$2 && seed=0 && shift 2 ;;
    --replay) replay=yes && build=$2 && shift 2 ;;
    *) break ;;
    esac
done
seed=${FUZZ_SEED:-$seed}
[ $# -gt 0 ] || set -- npy npz safetensors manifest filter text lines database
seeds=$build/seeds
export ASAN_OPTIONS=quarantine_size_mb=32:malloc_context_size=16 UBSAN_OPTIONS=print_stacktrace=1

# Why a run ended, in one line.
reason() {
    grep -E 'does not hold|ERROR: |runtime error' "$1" | head -n 1 | tr -d '\033'
}

replay_one() {
    name=$1
    log=$build/replay-$name.log
    set --
    for folder in "$seeds/$name" "$here/found/$name"; do
        [ ! -d "$folder" ] || set -- "$@" "$folder"
    done
    if "$build/tests/fuzz/fuzz_$name" "$@" >"$log" 2>&1; then
        echo "ok $name: $(tail -n 1 "$log")"
    else
        echo "FAIL $name: $(grep "$name/" "$log" | tail -n 1): $(reason "$log")"
    fi
}

fuzz_one() {
    name=$1
    log=$build/fuzz-$name.log
    case $name in # bytes of an input, MiB in one allocation
    database) longest=100000 most=2048 ;;
    npy | npz | safetensors) longest=4096 most=16 ;;
    *) longest=2048 most=16 ;;
    esac
    mkdir -p "$build/corpus/$name" "$build/found/$name" "$seeds/$name"
    if "$build/tests/fuzz/fuzz_$name" "$build/corpus/$name" "$seeds/$name" -seed="$seed" -max_len=$longest \
        -max_total_time="$seconds" \
        -malloc_limit_mb=$most -rss_limit_mb=1536 -timeout=60 -dict="$here/dictionaries/$name" \
        -artifact_prefix="$build/found/$name/" -print_final_stats=1 >"$log" 2>&1; then
        inputs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
        edges=$(sed -n 's/.* cov: \([0-9]*\) .*/\1/p' "$log" | tail -n 1)
        echo "ok $name: $inputs inputs in $seconds s, $edges edges"
    else
        echo "FAIL $name: $(reason "$log"); see $log"
    fi
}

if [ "${FUZZ_ONE:-}" = yes ]; then # from below
    fuzz_one "$1"
    exit
fi

/usr/bin/python3 "$here/seeds.py" "$seeds"
if [ $replay = yes ]; then
    for name in "$@"; do
        replay_one "$name"
    done
else
    printf '%s\n' "$@" | FUZZ_ONE=yes FUZZ_SEED=$seed xargs -P 2 -I '{}' sh "$0" --seconds "$seconds" '{}'
fi
