#!/usr/bin/env bash
# Installs Debian's Emacs and Eglot, unless they are there.
set -euo pipefail

packages=()
command -v emacs >/dev/null || packages+=(emacs-nox)
[ -d /usr/share/emacs/site-lisp/elpa-src ] && ls /usr/share/emacs/site-lisp/elpa-src/eglot-* >/dev/null 2>&1 || packages+=(elpa-eglot)
if [ ${#packages[@]} -gt 0 ]; then
  apt-get update -q
  apt-get install -y -q --no-install-recommends "${packages[@]}"
fi
