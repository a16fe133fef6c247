"""`make lighthouse`: four scores of the public pages, as a phone on slow 4G sees them; exit 1 if one is missed.

Lighthouse is a Node program run beside the product, at one version; `LIGHTHOUSE` names another command. The
demonstration world is that of `make bench`, served by the product's own web server with its pages kept.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from sqlalchemy import select

from benchmarks.demonstration import FOLDER, world
from catalog.models import Pack, Product
from config import ROOT
from cooperatives.models import Cooperative
from core.db import db

COMMAND = "npx --yes lighthouse@12.8.2"
PORT = 21990
LEAST = {"performance": 95, "accessibility": 100, "best-practices": 100, "seo": 100}
FLAGS = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --disable-background-networking "
    "--disable-component-update --disable-sync --no-first-run"
)


def paths() -> dict[str, str]:
    """The pages: name → address."""
    with world().app_context():
        product = select(Product.slug).where(Product.state == "published").order_by(Product.id).limit(1)
        seller = (
            select(Cooperative.slug).where(Cooperative.state == "approved").order_by(Cooperative.id).limit(1)
        )
        return {
            "home": "/",
            "list": "/products",
            "search": "/products?q=tinh+dau+que",
            "product": f"/products/{db.session.execute(product).scalar_one()}",
            "cooperative": f"/cooperatives/{db.session.execute(seller).scalar_one()}",
            "cart": "/cart",
            "checkout": "/checkout/where",
        }


def served() -> subprocess.Popen[bytes]:
    """The product's web server over the bench's world."""
    env = {**os.environ, "APP_MODE": "demo", "INSTANCE_DIR": str(FOLDER), "PORT": str(PORT)}
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(PORT),
    ]
    process = subprocess.Popen([*command, "--log-level", "error", "wsgi:app"], cwd=ROOT, env=env)
    for _ in range(600):
        try:
            HTTPConnection("127.0.0.1", PORT, timeout=5).connect()
            return process
        except OSError:
            time.sleep(0.1)
    process.terminate()
    raise SystemExit("the web server did not start within a minute")


def cart() -> str:
    """The cookies of a visitor with one product in the cart."""
    with world().app_context():
        pack = db.session.execute(select(Pack.id).order_by(Pack.available.desc()).limit(1)).scalar_one()
    line = HTTPConnection("127.0.0.1", PORT, timeout=30)
    line.request(
        "POST", "/cart", f"pack_id={pack}&quantity=1", {"Content-Type": "application/x-www-form-urlencoded"}
    )
    given = line.getresponse().headers.get_all("Set-Cookie") or []
    return "; ".join(one.split(";")[0] for one in given)


def scores(path: str, cookies: str) -> dict[str, Any]:
    """Lighthouse's report of one page."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "report.json"
        command = [
            *shlex.split(os.environ.get("LIGHTHOUSE", COMMAND)), f"http://localhost:{PORT}{path}", "--quiet",
            "--output=json", f"--output-path={out}", f"--chrome-flags={FLAGS}",
            f"--extra-headers={json.dumps({'Cookie': cookies})}",
        ]  # fmt: skip
        browser = shutil.which("chromium") or shutil.which("google-chrome") or ""
        subprocess.run(command, check=True, env={"CHROME_PATH": browser, **os.environ}, capture_output=True)
        report: dict[str, Any] = json.loads(out.read_text(encoding="utf-8"))
        return report


def line(name: str, report: dict[str, Any]) -> tuple[str, bool]:
    """One page's row, and whether it reaches every least score."""
    got = {one["id"]: round(100 * (one["score"] or 0)) for one in report["categories"].values()}
    audits = report["audits"]
    lcp, blocked = (
        audits[key]["numericValue"] for key in ("largest-contentful-paint", "total-blocking-time")
    )
    passed = all(got[key] >= least for key, least in LEAST.items())
    row = "".join(f"{got[key]:>16}" for key in LEAST)
    weight = audits["total-byte-weight"]["numericValue"] / 1000
    return f"{name:<14}{row}{lcp:>9.0f}{blocked:>8.0f}{weight:>8.0f}  {'pass' if passed else 'FAIL'}", passed


def main() -> int:
    """Measure every page; the exit code."""
    command = shlex.split(os.environ.get("LIGHTHOUSE", COMMAND))[0]
    if shutil.which(command) is None:
        print(f"not measured: {command} is not installed (Node 20 brings npx)")
        return 1
    found, server = paths(), served()
    try:
        cookies = cart()
        print(f"{'page':<14}" + "".join(f"{key:>16}" for key in LEAST) + "   LCP ms  TBT ms      KB")
        rows = []
        for name, path in found.items():
            text, passed = line(name, scores(path, cookies))
            print(text, flush=True)
            rows.append(passed)
        return 0 if all(rows) else 1
    finally:
        server.terminate()
        server.wait()


if __name__ == "__main__":
    sys.exit(main())
