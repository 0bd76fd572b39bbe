#!/bin/sh
# Whole processes, one thread, the same numbers: infoflow against a reference in Python. Prints a JSON line: how many
# times faster `infoflow estimate` is (shortest times of many, in turns), alone and together with the import, and how far
# apart the values lie.
#
#   sh tests/bench/bench_oracle.sh INFOFLOW REFERENCE.py RUN_DIR [ROUNDS]
#
# REFERENCE.py is run as `python3 REFERENCE.py RUN_DIR` and prints the CSV that `infoflow estimate --csv` prints.
set -eu
if [ $# -lt 3 ]; then
    sed -n '2,9s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
infoflow=$1 reference=$2 run=$3 rounds=${4:-5}
name=$(sed -n 's/.*"name": *"\([^"]*\)".*/\1/p' "$run/run.json" | head -n 1)
python=${PYTHON:-/usr/bin/python3}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 INFOFLOW_DB="$folder/runs.db"

# timed FILE COMMAND...: its seconds, one more line of FILE.
timed() {
    times=$1
    shift
    start=$(date +%s%N)
    "$@"
    end=$(date +%s%N)
    echo "$((end - start))" >>"$times"
}

import_and_estimate() {
    rm -f "$INFOFLOW_DB"*
    "$infoflow" import "$run" >/dev/null
    estimate
}

estimate() {
    "$infoflow" estimate "$name" --csv --no-cache --threads 1 >"$folder/ours.csv"
}

refer() {
    "$python" "$reference" "$run" >"$folder/theirs.csv"
}

round=0
while [ "$round" -lt "$rounds" ]; do
    timed "$folder/both" import_and_estimate
    timed "$folder/estimate" estimate
    timed "$folder/reference" refer
    round=$((round + 1))
done

"$python" - "$folder" "$name" <<'END'
import csv, json, sys

folder, name = sys.argv[1:]
best = {what: min(int(line) for line in open(f"{folder}/{what}")) for what in ("both", "estimate", "reference")}
key = ("step", "batch", "layer", "quantity")
rows = [{tuple(row.get(k, "") for k in key): float(row["value"]) for row in csv.DictReader(open(f"{folder}/{who}.csv"))}
        for who in ("ours", "theirs")]
if rows[0].keys() != rows[1].keys():
    sys.exit("the two do not give the same quantities")
bits = [abs(rows[0][k] - rows[1][k]) for k in rows[0] if "%" not in k[3]]
print(json.dumps({"bench": "oracle", "run": name, "values": len(rows[0]),
                  "times_faster": round(best["reference"] / best["estimate"], 1),
                  "times_faster_with_import": round(best["reference"] / best["both"], 1),
                  "apart_bits": float("%.1e" % max(bits))}))
END
