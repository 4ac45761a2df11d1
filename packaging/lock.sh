#!/usr/bin/env bash
# Writes the locks: versions with hashes for every platform, and no address of any package host.
# `--upgrade` takes newer versions where pyproject.toml allows them.
set -euo pipefail
cd "$(dirname "$0")/.."
export UV_CUSTOM_COMPILE_COMMAND="make lock"

compile() {
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate "$@"
}
lock() { compile pyproject.toml "$@"; }
lock --extra desk --extra central --extra build --output-file packaging/requirements.lock "$@"
lock --extra central --constraint packaging/requirements.lock \
    --output-file packaging/requirements-central.lock
lock --extra desk --extra central --extra build --extra dev --constraint packaging/requirements.lock \
    --output-file packaging/requirements-dev.lock
# Beside us in `make bench-sync`, in a virtual environment of its own: nothing of it is shipped.
compile - --output-file packaging/requirements-anki.lock "$@" <<< 'anki==26.9.3'
