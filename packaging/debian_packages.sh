#!/usr/bin/env bash
# Sees to the Debian packages that pip cannot bring: `debian_packages.sh run|test|package`.
# Installs what is missing when run by root; says what is missing otherwise.
set -euo pipefail

named() { sed -n "s/^$1: //p" "$(dirname "$0")/debian-packages.txt"; }
case "${1:-}" in
    run) wanted="$(named window)" ;;
    test | package) wanted="$(named window) $(named "$1")" ;;
    *) echo "usage: $0 run|test|package" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian: packaging/debian-packages.txt lists what is needed, by Debian's names." >&2
    exit 0
fi
# A Python of one's own (pyenv, uv) does as well as Debian's.
python3 -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
    || wanted="$(named python) $wanted"

missing=""
for package in $wanted; do
    # After Debian 12 some libraries are called …t64.
    state=$(dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null || true)
    [[ "$state" = *"install ok installed"* ]] || missing="$missing $package"
done
[ -n "$missing" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    echo "Debian packages are missing and only root can install them. Ask for:" >&2
    echo "    apt-get install$missing" >&2
    exit 1
fi
echo "Installing Debian packages:$missing"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 - a list of words
apt-get install -y -qq --no-install-recommends $missing >/dev/null
