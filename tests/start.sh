#!/bin/sh
# app/start.sh without a terminal: prints the three plots of one run and exits 0.
set -u
cd "$(dirname "$0")/.." || exit 1
out=$(sh app/start.sh </dev/null 2>/dev/null)
status=$?
verdict=ok
[ $status -eq 0 ] || verdict=FAIL
echo "$verdict start.sh exits 0 without a terminal"
bad=$((status != 0))
for title in "DPI  lenet5-6-12-sigmoid" "IP  lenet5-6-12-sigmoid" "M-IP  lenet5-6-12-sigmoid"; do
    case $out in
    *"$title"*) echo "ok start.sh prints $title" ;;
    *)
        echo "FAIL start.sh prints $title"
        bad=1
        ;;
    esac
done
exit $bad
