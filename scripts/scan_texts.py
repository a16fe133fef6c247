"""The texts that a scan page may show, for its Japanese catalogue `translations/ja/scan.po`.

python -m scripts.scan_texts           add new texts with an empty translation, drop unused ones
python -m scripts.scan_texts --check   list texts without Japanese; exit 1 if there is any
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.pofile import read_po, write_po

from catalog.rules import CERTIFICATE_NAMES

ROOT = Path(__file__).resolve().parents[1]
TARGET = ROOT / "translations" / "ja" / "scan.po"
PAGES = ("templates/storefront/scan/*.html", "templates/layouts/scan.html", "templates/layouts/base.html",
         "templates/layouts/_owner.html")  # fmt: skip
CODE = ("storefront/scan/*.py", "storefront/scan/openings/*.py", "storefront/scan/resolver/*.py",
        "traceability/gs1/words.py")  # fmt: skip
SHARED = ("Chưa có ảnh", "Tranh minh hoạ")  # of the picture component
KEYWORDS = {"_": None, "N_": None}


def texts() -> list[str]:
    """Every text of a scan page, in order."""
    found = {*SHARED, *CERTIFICATE_NAMES.values()}
    for patterns, method in ((PAGES, "jinja2"), (CODE, "python")):
        for path in (path for pattern in patterns for path in ROOT.glob(pattern)):
            source = BytesIO(path.read_bytes())
            for _line, text, _comments, _context in extract(
                method, source, KEYWORDS, options={"silent": "false", "extensions": "jinja2.ext.do"}
            ):
                found.add(text if isinstance(text, str) else text[0])
    return sorted(found)


def known() -> dict[str, str]:
    """The Japanese there is."""
    if not TARGET.exists():
        return {}
    with TARGET.open(encoding="utf-8") as lines:
        return {str(one.id): str(one.string) for one in read_po(lines, locale="ja") if one.id}


def _write(japanese: dict[str, str]) -> None:
    book = Catalog(locale="ja", project="Chợ Phiên", header_comment="# Japanese texts of the scan page.")
    for text in texts():
        book.add(text, japanese.get(text, ""))
    buffer = BytesIO()
    write_po(buffer, book, omit_header=True, width=0)
    TARGET.parent.mkdir(exist_ok=True)
    TARGET.write_bytes(buffer.getvalue())


if __name__ == "__main__":
    if "--check" in sys.argv:
        have = known()
        missing = [text for text in texts() if not have.get(text)]
        sys.exit("\n".join(missing) if missing else 0)
    _write(known())
