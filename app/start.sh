#!/bin/sh
# Installs what is missing, builds infoflow, imports the sample runs into a database of their own and opens the
# workbench on them. Without a terminal it prints the three plots of one run instead.
set -eu
cd "$(dirname "$0")/.."

# shellcheck disable=SC2046 # a list of words
sh app/install.sh $(cat app/packages)

{
    cmake -B build
    cmake --build build --parallel "$(nproc)" --target infoflow
} >&2

database=build/sample-runs.db
build/infoflow import --db "$database" sample-runs >&2

if [ -t 0 ] && [ -t 1 ]; then
    exec build/infoflow --db "$database" "$@"
fi
for plot in dpi ip mip; do
    build/infoflow plot --db "$database" "$plot" lenet5-6-12-sigmoid --size 80x24
    echo
done
