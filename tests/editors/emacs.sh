#!/usr/bin/env bash
# Sessions in Emacs with Eglot, set up as docs/editors.md says, and the server that is built.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/editors/install-emacs.sh

bin=${LEASTWISE_BIN:-}
for candidate in target/release/leastwise target/debug/leastwise; do
  [ -n "$bin" ] || [ ! -x "$candidate" ] || bin=$PWD/$candidate
done
[ -n "$bin" ] || { echo "build the server first: cargo build --release -p leastwise" >&2; exit 1; }

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/bin" "$scratch/home"
ln -s "$(realpath "$bin")" "$scratch/bin/leastwise"
cp -r tests/examples "$scratch/shop"
git init -q "$scratch/shop"
awk '/^## Emacs/ { here = 1 } /^```/ { code = 0 } code { print } here && /^```elisp/ { code = 1 } here && /^```$/ { exit }' \
  docs/editors.md >"$scratch/init.el"
grep -q eglot-server-programs "$scratch/init.el"

HOME=$scratch/home PATH=$scratch/bin:$PATH LEASTWISE_SHOP=$scratch/shop LEASTWISE_INIT=$scratch/init.el \
  timeout 120 emacs -Q --batch -l tests/editors/emacs.el
