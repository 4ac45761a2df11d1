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

lacking() {
    local package state
    for package in "$@"; do
        # After Debian 12 some libraries are called …t64.
        state=$(dpkg-query -W -f '${Status}\n' "$package" "${package}t64" 2>/dev/null || true)
        [[ "$state" = *"install ok installed"* ]] || printf ' %s' "$package"
    done
}
# shellcheck disable=SC2046,SC2086 - lists of words
missing="$(lacking $wanted)" wished="$(lacking $(named camera))"
[ -n "$missing$wished" ] || exit 0

if [ "$(id -u)" -ne 0 ]; then
    [ -n "$missing" ] || exit 0
    echo "Debian packages are missing and only root can install them. Ask for:" >&2
    echo "    apt-get install$missing" >&2
    exit 1
fi
echo "Installing Debian packages:$missing$wished"
export DEBIAN_FRONTEND=noninteractive
install() { apt-get install -y -qq --no-install-recommends "$@" >/dev/null; }
# shellcheck disable=SC2086 - lists of words
if [ -n "$missing" ]; then
    apt-get update -qq
    install $missing $wished
else # nothing that is needed: without a link the window opens all the same, without a camera
    { apt-get update -qq && install $wished; } || echo "Not installed, so no camera:$wished" >&2
fi
