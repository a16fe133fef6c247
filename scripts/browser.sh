#!/bin/bash
# A Chromium for the tests: the system's if there; else Debian's package when root; else Playwright's own.
set -euo pipefail
cd "$(dirname "$0")/.."
for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  echo "Installing Chromium …"
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -q >/dev/null && apt-get install -y -q chromium fonts-noto-core >/dev/null
else
  .venv/bin/playwright install chromium
fi
