#!/bin/sh
# reproducible.sh BUILD: what is built in another folder, from a copy of the sources, is the same bit for bit.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(realpath "$1") || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
status=0
verdict() { # verdict NAME: of the last command
    if [ $? -eq 0 ]; then
        echo "ok $1"
    else
        echo "FAIL $1"
        status=1
    fi
}

mkdir "$work/copy"
tar cf - --exclude='./build*' --exclude=./.git . | tar xf - -C "$work/copy"
cd "$work/copy" || exit 1
if ! { cmake -B elsewhere && cmake --build elsewhere --parallel "$(nproc)" --target infoflow infoflow_shared core; } \
    >"$work/log" 2>&1; then
    tail -n 20 "$work/log"
    echo "FAIL the copy does not build"
    exit 1
fi
for file in infoflow lib/libinfoflow.so lib/libinfoflow.a infoflow.pc man/infoflow.1; do
    cmp "elsewhere/$file" "$build/$file"
    verdict "$file is the same from another folder"
done

# With debugging information, which names every source file, too.
compile=$(/usr/bin/python3 -c '
import json, sys
print(next(c["command"] for c in json.load(open(sys.argv[1])) if c["file"].endswith("core/entropy.c")))' \
    elsewhere/compile_commands.json)
(cd elsewhere && eval "$compile -g -o '$work/entropy.o'") && ! grep -qF "$work" "$work/entropy.o"
verdict "debugging information does not name the folder"
exit $status
