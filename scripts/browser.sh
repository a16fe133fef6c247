#!/bin/bash
# A Chromium for the tests: the system's if there; else Debian's package when root; else Playwright's own.
set -euo pipefail
cd "$(dirname "$0")/.."
command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium …"
  apt-get update -q >/dev/null && apt-get install -y -q chromium fonts-noto-core >/dev/null
else
  .venv/bin/playwright install chromium
fi
