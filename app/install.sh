#!/bin/sh
# install.sh PACKAGE...: installs the Debian packages that are missing, and says which before it does.
set -eu

missing=
for package in "$@"; do
    state=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || state=
    [ "$state" = installed ] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if ! command -v apt-get >/dev/null; then
    echo "infoflow: these Debian packages, or their like, are needed:$missing" >&2
    exit 1
fi
as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! command -v sudo >/dev/null; then
        echo "infoflow: run as root: apt-get install$missing" >&2
        exit 1
    fi
    as_root=sudo
fi
echo "infoflow: installing$missing" >&2
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # lists of words
{
    $as_root apt-get update -q
    $as_root apt-get install -q -y --no-install-recommends $missing
} >&2
