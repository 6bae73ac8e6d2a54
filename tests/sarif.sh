#!/usr/bin/env bash
# What `check --format sarif` writes, against the schema of SARIF 2.1.0. Where the registries can't be reached, it is
# skipped, and says so.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=${LEASTWISE_BIN:-}
for candidate in target/release/leastwise target/debug/leastwise; do
  [ -n "$bin" ] || [ ! -x "$candidate" ] || bin=$PWD/$candidate
done
[ -n "$bin" ] || { echo "build the program first: cargo build --release -p leastwise" >&2; exit 1; }
bin=$(realpath "$bin")

skip() { echo "skipped: $*"; exit 0; }

# The schema comes with Microsoft's matchers for it.
package=@microsoft/jest-sarif@1.0.0-beta.0
home=$PWD/.cache/sarif
schema=$home/package/lib/schemas/sarif-2.1.0-rtm.5.json
if [ ! -f "$schema" ]; then
  mkdir -p "$home"
  archive=$(cd "$home" && npm pack --silent "$package") || skip "npm has no $package here"
  tar -xzf "$home/$archive" -C "$home"
fi
[ -f "$schema" ] || skip "$package has no schema at ${schema#"$home"/}"

wanted=tests/sarif/requirements.txt
if ! cmp -s "$wanted" "$home/installed"; then
  rm -rf "$home/python"
  if ! python3 -m venv "$home/python" >/dev/null 2>&1; then
    apt-get update -q
    apt-get install -y -q --no-install-recommends python3-venv
    python3 -m venv "$home/python"
  fi
  "$home/python/bin/pip" install --quiet --no-deps --requirement "$wanted" || skip "pip can't install $wanted here"
  cp "$wanted" "$home/installed"
fi

LEASTWISE_BIN=$bin PYTHONDONTWRITEBYTECODE=1 "$home/python/bin/python" tests/sarif/valid.py "$schema"
