#!/bin/sh
# install.sh BUILD: `cmake --install`: what is where, one version everywhere, and the C example built against what was
# installed, shared and static.
# shellcheck disable=SC2016 # what is quoted is for another shell, or awk
set -u
cd "$(dirname "$0")/.." || exit 1
prefix=$(mktemp -d)
trap 'rm -rf "$prefix"' EXIT
status=0
check() { # check NAME COMMAND...
    name=$1
    shift
    if "$@" >"$prefix/log" 2>&1; then
        echo "ok $name"
    else
        echo "FAIL $name: $(tail -n 3 "$prefix/log" | tr '\n' ' ')"
        status=1
    fi
}
check "cmake --install" cmake --install "$1" --prefix "$prefix"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name infoflow.pc)")
export PKG_CONFIG_PATH
for file in bin/infoflow share/man/man1/infoflow.1 share/man/man5/infoflow-dump.5 share/bash-completion/completions/infoflow \
    share/zsh/site-functions/_infoflow share/doc/infoflow/examples/compute.sbatch share/fish/vendor_completions.d/infoflow.fish; do
    check "$file is installed" test -s "$prefix/$file"
done
version=$("$prefix/bin/infoflow" --version)
version=${version#infoflow }
check "pkg-config has the program's version" test "$(pkg-config --modversion infoflow)" = "$version"
check "the man page has the program's version" grep -qF "\"infoflow $version\"" "$prefix/share/man/man1/infoflow.1"
check "the library has the program's version" test -e "$(pkg-config --variable=libdir infoflow)/libinfoflow.so.$version"
# shellcheck disable=SC2046 # flags are words
check "the example builds with the shared library" cc -std=c11 -Wall -Werror sample-runs/mutual_information.c \
    $(pkg-config --cflags --libs infoflow) -o "$prefix/shared"
# shellcheck disable=SC2046
check "the example builds with the static library" cc -std=c11 -Wall -Werror sample-runs/mutual_information.c \
    $(pkg-config --cflags infoflow) "$(find "$prefix" -name libinfoflow.a)" \
    $(pkg-config --static --libs-only-l infoflow | sed 's/-linfoflow//') -o "$prefix/static"
LD_LIBRARY_PATH=$(dirname "$(find "$prefix" -name libinfoflow.so)")
export LD_LIBRARY_PATH
check "the example runs" sh -c '"$1/shared" >"$1/a" && "$1/static" >"$1/b" && cmp "$1/a" "$1/b"' sh "$prefix"
# information falls as noise grows
check "I(X;T) falls with noise" awk '{ if (NR > 1 && $5 >= last) exit 1; last = $5 } END { exit NR < 4 }' "$prefix/a"
check "the library shows only its API" sh -c '! nm -D --defined-only "$1"/libinfoflow.so | grep -v " A \| ifl_\|[iV] .*cpu"' sh "$LD_LIBRARY_PATH"
exit $status
