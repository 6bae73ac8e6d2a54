#!/usr/bin/env bash
# The extension in VS Code: installs what that needs, builds the package with target/release/leastwise inside (or the program
# that LEASTWISE_SERVER names), and tests it, by itself and beside other extensions. `--pictures` remakes docs/pictures instead.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/editors/install-vscode.sh
(
  cd editors/vscode
  if ! cmp -s package-lock.json node_modules/.leastwise-lock; then
    npm ci --ignore-scripts --silent
    cp package-lock.json node_modules/.leastwise-lock
  fi
  rm -rf dist
  npm run --silent package
)
# What failed stands at the end, too.
export NODE_OPTIONS="${NODE_OPTIONS:-} --test-reporter=spec"
node tests/editors/vscode.mjs "$@"
[ "${1:-}" = --pictures ] || node tests/editors/vscode-beside.mjs "$@"
