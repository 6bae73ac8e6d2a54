#!/usr/bin/env bash
# Sessions with the recorded capabilities of VS Code and Neovim, by a client that nobody here wrote.
set -euo pipefail
cd "$(dirname "$0")/../.."

bin=${LEASTWISE_BIN:-}
for candidate in target/release/leastwise target/debug/leastwise; do
  [ -n "$bin" ] || [ ! -x "$candidate" ] || bin=$PWD/$candidate
done
[ -n "$bin" ] || { echo "build the server first: cargo build --release -p leastwise" >&2; exit 1; }
bin=$(realpath "$bin")

home=$PWD/.cache/editors/pytest-lsp
wanted=tests/editors/pytest_lsp/requirements.txt
if ! cmp -s "$wanted" "$home/installed"; then
  rm -rf "$home"
  if ! python3 -m venv "$home" >/dev/null 2>&1; then
    apt-get update -q
    apt-get install -y -q --no-install-recommends python3-venv
    python3 -m venv "$home"
  fi
  "$home/bin/pip" install --quiet --no-deps --requirement "$wanted"
  cp "$wanted" "$home/installed"
fi

# A client that waits for an answer that never comes waits for ever.
LEASTWISE_BIN=$bin PYTHONDONTWRITEBYTECODE=1 timeout 150 "$home/bin/python" -m pytest -q -rP tests/editors/pytest_lsp "$@"
