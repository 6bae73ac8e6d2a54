#!/usr/bin/env bash
# Installs what the tests of the grammars need: node packages, and the tree-sitter program that made the parser.
set -euo pipefail
cd "$(dirname "$0")/../.."

# As old as the library that the server uses; a later one may write another parser.
version=0.26.12
cache=$PWD/.cache/editors
program=$cache/tree-sitter/bin/tree-sitter
if ! "$program" --version 2>/dev/null | grep -qF "$version"; then
  # Its own JavaScript engine would need clang to build; node is here anyway.
  CARGO_TARGET_DIR=$cache/tree-sitter/target cargo install --quiet --debug --locked --no-default-features \
    --root "$cache/tree-sitter" "tree-sitter-cli@$version"
  rm -rf "$cache/tree-sitter/target"
fi

cd grammars
if ! cmp -s package-lock.json node_modules/.leastwise-lock; then
  npm ci --ignore-scripts --silent
  cp package-lock.json node_modules/.leastwise-lock
fi
