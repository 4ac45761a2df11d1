#!/usr/bin/env bash
# Sees to the Debian packages that pip cannot bring: `debian_packages.sh run|test|package`.
# Installs what is missing when run by root; says what is missing otherwise.
set -euo pipefail

base="python3 python3-venv ca-certificates"
window="libegl1 libgl1 libxkbcommon0 libxkbcommon-x11-0 libdbus-1-3 libfontconfig1 libxcb-cursor0
    libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-shape0 libxcb-randr0
    libglib2.0-0 fonts-noto-core"
case "${1:-}" in
    run) wanted="$base $window" ;;
    test) wanted="$base $window postgresql" ;;
    package) wanted="$base $window binutils libpython3.11" ;;
    *) echo "usage: $0 run|test|package" >&2; exit 2 ;;
esac

if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian: see README.md for what this system needs ($1)." >&2
    exit 0
fi
missing=""
for package in $wanted; do
    state=$(dpkg-query -W -f '${Status}' "$package" 2>/dev/null || true)
    [ "$state" = "install ok installed" ] || missing="$missing $package"
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
