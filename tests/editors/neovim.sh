#!/usr/bin/env bash
# A session in Neovim, with the plugin of editors/neovim and the server that is built.
set -euo pipefail
cd "$(dirname "$0")/../.."

nvim=$(tests/editors/install-neovim.sh)
make --quiet -C editors/neovim
cmp editors/neovim/queries/leastwise/highlights.scm grammars/tree-sitter-leastwise/queries/highlights.scm

bin=${LEASTWISE_BIN:-}
for candidate in target/release/leastwise target/debug/leastwise; do
  [ -n "$bin" ] || [ ! -x "$candidate" ] || bin=$PWD/$candidate
done
[ -n "$bin" ] || { echo "build the server first: cargo build --release -p leastwise" >&2; exit 1; }
bin=$(realpath "$bin")

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
export HOME=$scratch/home XDG_CONFIG_HOME=$scratch/config XDG_DATA_HOME=$scratch/data
export XDG_STATE_HOME=$scratch/state XDG_CACHE_HOME=$scratch/cache XDG_RUNTIME_DIR=$scratch/run
mkdir -m 700 -p "$HOME" "$XDG_RUNTIME_DIR"
cp -r tests/examples "$scratch/shop"
cp -r editors/neovim "$scratch/plugin"
export LEASTWISE_BIN=$bin LEASTWISE_PLUGIN=$scratch/plugin LEASTWISE_SHOP=$scratch/shop
export LEASTWISE_NVIM=$nvim LEASTWISE_PARSERS=$PWD/.cache/editors/nvim/parsers
export GIT_CEILING_DIRECTORIES=$scratch
timeout 120 "$nvim" --clean --headless -l tests/editors/neovim.lua
