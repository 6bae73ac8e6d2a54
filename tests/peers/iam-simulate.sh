#!/usr/bin/env bash
# The engine beside @cloud-copilot/iam-simulate, which is installed into .cache and run as a program of its own. Where the
# registry can't be reached, it is skipped, and says so. LEASTWISE_CASES says how many requests: 20000 take a minute or two.
set -euo pipefail
cd "$(dirname "$0")/../.."

home=$PWD/.cache/iam-simulate
if ! cmp -s tests/peers/package-lock.json "$home/installed"; then
  mkdir -p "$home"
  cp tests/peers/package.json tests/peers/package-lock.json tests/peers/.npmrc "$home"
  (cd "$home" && npm ci --ignore-scripts --silent) || { echo "skipped: npm can't install iam-simulate here"; exit 0; }
  cp tests/peers/package-lock.json "$home/installed"
fi
LEASTWISE_IAM_SIMULATE=$home cargo test --workspace --test peer -- --nocapture
