#!/bin/sh
# deb.sh BUILD: the Debian packages are made, and installed by apt in a bare system of the same release, which debootstrap
# makes from the mirror that this machine's apt uses. There the sample runs are imported and plotted; removed, the
# package leaves nothing behind. The bare system is kept in BUILD, for the next time.
set -u
cd "$(dirname "$0")/.." || exit 1
build=$(realpath "$1") || exit 2
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
root=$work/root
bare=$build/bare-system.tar
status=0

verdict() { # verdict STATUS NAME: what it said, where it failed, is in the log
    if [ "$1" -eq 0 ]; then
        echo "ok $2"
    else
        echo "FAIL $2: $(tail -n 4 "$work/log" | tr '\n' ' ')"
        status=1
    fi
}

check() { # check NAME COMMAND...
    name=$1
    shift
    "$@" >"$work/log" 2>&1
    verdict $? "$name"
}

skip() {
    echo "skip $*"
    exit $status
}

inside() { # as root in the bare system, with nothing of this one's environment
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 TERM=dumb \
        DEBIAN_FRONTEND=noninteractive DPKG_FORCE=unsafe-io "$@"
}

# ---- the packages ----

# shellcheck disable=SC2317 # it is called by check
pack() { # pack FOLDER: a date for all files makes two runs the same
    (cd "$build" && SOURCE_DATE_EPOCH=1700000000 cpack -G DEB) && mkdir "$1" && mv "$build"/packages/*.deb "$1"
}
check "cpack makes the packages" pack "$work/debs"
check "and again" pack "$work/again"
check "they are the same bit for bit" diff -r "$work/debs" "$work/again"
version=$("$build/infoflow" --version | cut -d ' ' -f 2)
for name in infoflow libinfoflow0 libinfoflow-dev; do
    check "$name has the program's version" test "$(dpkg-deb -f "$work/debs/$name"_*.deb Version)" = "$version"
done
if command -v lintian >/dev/null; then # nobody has an address to be told of errors
    check "lintian finds no error" lintian --allow-root --fail-on error \
        --suppress-tags bogus-mail-host,bogus-mail-host-in-debian-changelog "$work"/debs/*.deb
else
    echo "skip lintian (not installed)"
fi

# ---- a bare system ----

[ "$(id -u)" -eq 0 ] || skip "installing the package (needs root)"
command -v debootstrap >/dev/null || skip "installing the package (no debootstrap)"
release=$(sed -n 's/^VERSION_CODENAME=//p' /etc/os-release)
# shellcheck disable=SC2016 # apt's variables
sources() { apt-get indextargets --format "$1" 'Created-By: Packages' 'Origin: Debian' | grep -w "$release" | sort -u; }
# shellcheck disable=SC2016
mirror=$(sources '$(REPO_URI) $(RELEASE)' | sed -n "s/ $release\$//p" | head -n 1)
[ -n "$mirror" ] || skip "installing the package (apt knows no mirror of $release)"
eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
export http_proxy="${http_proxy-}"

if [ -f "$bare" ]; then
    mkdir "$root" && tar xf "$bare" -C "$root"
elif DPKG_FORCE=unsafe-io debootstrap --variant=minbase "$release" "$root" "$mirror" >"$work/log" 2>&1; then
    tar cf "$bare" -C "$root" .
elif reason=$(grep -m 1 'Failed getting release file\|Couldn.t download\|mounted with noexec or nodev' "$work/log"); then
    skip "installing the package (debootstrap: $reason)"
else
    verdict 1 "debootstrap makes a bare system"
    exit 1
fi
# shellcheck disable=SC2016
sources 'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' >"$root/etc/apt/sources.list"
apt-config dump Acquire | grep -v 'IndexTargets\|Changelogs' >"$root/etc/apt/apt.conf.d/00host"
check "apt reads its lists in the bare system" inside apt-get -q update

# ---- installed, used, removed ----

files() { # what lies there, but for what apt and dpkg note, and those who watch them
    (cd "$root" && find . -path ./var/lib/apt -prune -o -path ./var/lib/dpkg -prune -o -path ./var/cache -prune -o \
        -path ./var/log -prune -o -path ./tmp -prune -o -print | sort)
}
files >"$work/before"
mkdir "$root/tmp/debs"
cp "$work"/debs/*.deb "$root/tmp/debs"
cp -r sample-runs "$root/tmp"

check "apt installs it with what it depends on" inside apt-get -q install -y --no-install-recommends \
    "/tmp/debs/infoflow_${version}_$(dpkg --print-architecture).deb"
check "infoflow --version" test "$(inside infoflow --version)" = "infoflow $version"
check "the sample runs are imported" inside infoflow import /tmp/sample-runs
for plot in dpi ip mip pid width; do
    check "plot $plot" inside infoflow plot "$plot" lenet5-6-12-sigmoid --size 80x24
    head -n 1 "$work/log" | grep -q lenet5-6-12-sigmoid
    verdict $? "plot $plot says of what it is"
done
check "estimate" inside infoflow estimate lenet5-2-2-relu --csv --no-pairs
"$build/infoflow" import --db "$work/runs.db" sample-runs >/dev/null
"$build/infoflow" estimate --db "$work/runs.db" lenet5-2-2-relu --csv --no-pairs >"$work/here"
cp "$work/log" "$work/there"
check "the estimates are those of the build" cmp "$work/there" "$work/here"
for page in man1/infoflow.1 man5/infoflow-dump.5; do
    check "man page $page" gzip -t "$root/usr/share/man/$page.gz"
done
inside rm -rf /root/.local /tmp/sample-runs
check "apt removes it" inside apt-get -q purge -y --autoremove infoflow
files >"$work/after"
diff "$work/before" "$work/after" >"$work/log"
verdict $? "nothing is left behind"

# ---- the library ----

check "an example is built here" cc -std=c11 -Iinclude sample-runs/mutual_information.c "$build/lib/libinfoflow.so" \
    -o "$root/tmp/example"
check "apt installs the library" inside sh -c 'apt-get -q install -y --no-install-recommends /tmp/debs/libinfoflow*.deb'
check "the example runs with the library" inside /tmp/example
exit $status
