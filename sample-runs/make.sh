#!/bin/sh
# sh make.sh MNIST_FOLDER [OUT_FOLDER]
# Trains the three sample runs again from MNIST's four IDX files in MNIST_FOLDER. They replace those in
# OUT_FOLDER (without it: those beside this script), but only once all three are done.
# PYTHON names the interpreter, one with torch and numpy; without it: python3.
set -eu

here=$(dirname -- "$0")
if [ $# -lt 1 ] || [ $# -gt 2 ]; then
    echo "usage: sh make.sh MNIST_FOLDER [OUT_FOLDER]" >&2
    exit 2
fi
data=$1
out=${2:-$here}
work=$out/remake.$$

mkdir -p -- "$work/whole" "$work/packed"
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' HUP TERM

lenet5() {
    name=$1
    shift
    "${PYTHON:-python3}" "$here/lenet5.py" --data "$data" --out "$work/whole" --name "$name" "$@"
    "${PYTHON:-python3}" "$here/pack.py" "$work/whole/$name" "$work/packed/$name"
}

lenet5 lenet5-6-12-sigmoid --topology 6-12 --activation sigmoid --seed 0 \
    --steps 0,469,704,821,938,1407,1876,2345,4690
lenet5 lenet5-2-2-sigmoid --topology 2-2 --activation sigmoid --seed 1 \
    --steps 0,469,1290,1407,1524,1642,1876,2345,4690
lenet5 lenet5-2-2-relu --topology 2-2 --activation relu --lr 0.01 --seed 1 \
    --steps 0,100,316,469,1407,4690

for run in "$work/packed"/*; do
    rm -rf -- "${out:?}/${run##*/}"
    mv -- "$run" "$out"
done
