"""Turn our drawings into pictures for cards: static/img/products/*.svg → static/img/raster/*.webp.

python scripts/raster_illustrations.py    needs Chromium; the results are committed, so it runs only when one changes
"""

import sys
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
SIDE_PX, QUALITY = 600, 82


def main() -> None:
    """Draw each, print its size."""
    from tests.chromium import launch

    out = ROOT / "static" / "img" / "raster"
    out.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport={"width": SIDE_PX, "height": SIDE_PX})
        for svg in sorted((ROOT / "static" / "img" / "products").glob("*.svg")):
            page.goto(svg.as_uri())
            with Image.open(BytesIO(page.screenshot())) as shot:
                target = out / f"{svg.stem}.webp"
                shot.convert("RGB").save(target, "WEBP", quality=QUALITY, method=6)
                print(target.name, target.stat().st_size, "bytes")
        browser.close()
    from catalog.cards.drawing import draw
    from catalog.cards.faces import Face

    face = Face("Chợ của các hợp tác xã vùng cao", "", "", "Món nào cũng ghi ai làm ra và tiền về tay ai.", "", "", "",
                drawn=False)  # fmt: skip
    (ROOT / "static" / "img" / "card.jpg").write_bytes(
        draw(face, (out / "ruong-bac-thang.webp").read_bytes())
    )


if __name__ == "__main__":
    main()
