#!/bin/bash
# Make .venv and install one locked set into it: bash scripts/venv.sh run|test
set -euo pipefail
cd "$(dirname "$0")/.."
python=$(command -v python3.11 || command -v python3 || true)
if [ -z "$python" ] || ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
  echo "Python 3.11 or newer is needed."
  exit 1
fi
if [ ! -x .venv/bin/pip ]; then
  rm -rf .venv
  if ! "$python" -m venv .venv >/dev/null 2>&1; then
    rm -rf .venv
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
      echo "Installing python3-venv …"
      export DEBIAN_FRONTEND=noninteractive
      apt-get update -q >/dev/null && apt-get install -y -q python3-venv >/dev/null
      "$python" -m venv .venv
    else
      echo "Python's venv is missing. Run this once, then again what you ran:  sudo apt-get install -y python3-venv"
      exit 1
    fi
  fi
fi
echo "Installing the $1 set …"
.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r "requirements/$1.txt"
touch ".venv/$1.done"
