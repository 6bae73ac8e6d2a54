#!/usr/bin/env bash
# The grammars for highlighting: the parser is the one of its grammar, the corpus holds, both grammars say what the table says.
set -euo pipefail
cd "$(dirname "$0")/../.."
tests/editors/install-grammars.sh
tree_sitter=$PWD/.cache/editors/tree-sitter/bin/tree-sitter

cd grammars/tree-sitter-leastwise
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
"$tree_sitter" generate --output "$made" grammar.js
for file in parser.c grammar.json node-types.json; do
  cmp "$made/$file" "src/$file" || { echo "src/$file is not what grammar.js says: run tree-sitter generate" >&2; exit 1; }
done
"$tree_sitter" test

cd ..
npm test --silent
