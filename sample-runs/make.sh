#!/bin/sh
# sh make.sh DATA_DIR [OUT_DIR]
# Trains the three sample runs again from MNIST's four IDX files in DATA_DIR. They replace those in
# OUT_DIR (without it: those beside this script), but only once all three are done.
# PYTHON names the interpreter, one with torch and numpy; without it: python3.
set -eu

here=$(dirname -- "$0")
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: sh make.sh DATA_DIR [OUT_DIR]" >&2
    exit 2
fi
data=$1
out=${2:-$here}
work=$out/remake.$$

mkdir -p -- "$work"
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

lenet5() {
    echo "$*"
    "${PYTHON:-python3}" "$here/lenet5.py" --data "$data" --out "$work" --dataset mnist \
        --epochs 10 --momentum 0.95 --batch-size 128 --probe 128 --mantissa-bits 16 "$@"
}

lenet5 --name lenet5-6-12-sigmoid --topology 6-12 --activation sigmoid --lr 0.1 --seed 0 \
    --steps 0,469,700,750,800,900,1407,2345,4690
lenet5 --name lenet5-2-2-sigmoid --topology 2-2 --activation sigmoid --lr 0.1 --seed 1 \
    --steps 0,469,1407,1450,1500,1600,2345,4690
lenet5 --name lenet5-2-2-relu --topology 2-2 --activation relu --lr 0.01 --seed 1 \
    --steps 0,100,200,469,1407,2345,4690

for run in lenet5-6-12-sigmoid lenet5-2-2-sigmoid lenet5-2-2-relu; do
    rm -rf -- "${out:?}/$run"
    mv -- "$work/$run" "$out/$run"
done
