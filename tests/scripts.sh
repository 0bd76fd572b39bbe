#!/bin/sh
# The shell scripts themselves: shellcheck finds nothing in them.
set -u
cd "$(dirname "$0")/.." || exit 1
status=0
for script in .ci/run app/*.sh tests/*.sh tests/*/*.sh sample-runs/*.sh sample-runs/*.sbatch packaging/completions/*.bash; do
    case $script in *.bash) shell="bash" ;; *) shell="sh" ;; esac
    if shellcheck -s "$shell" "$script"; then
        echo "ok shellcheck $script"
    else
        echo "FAIL shellcheck $script"
        status=1
    fi
done
exit $status
