"""Reading a sheet back as a scanner would: every page at 300 dpi, every symbol decoded and compared."""

from collections import Counter
from collections.abc import Sequence

import pypdfium2
import zxingcpp

from catalog.rules import ean13
from traceability.labels.rules import Content, Layout

DPI = 300
QR, EAN, GS1_128 = "QRCode", "EAN13", "Code128"
FORMATS = zxingcpp.BarcodeFormats(
    (zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.Code128)
)


class Unreadable(Exception):
    """A symbol could not be read, or read as something else. The sheet is not offered."""


def symbols(pdf: bytes, *, dpi: int = DPI) -> list[Counter[tuple[str, str]]]:
    """For each page, how often each (format, text) was read. Formats are 'EAN13', 'QRCode', 'Code128'."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_page_symbols(page, dpi) for page in document]
    finally:
        document.close()


def _page_symbols(page: pypdfium2.PdfPage, dpi: int) -> Counter[tuple[str, str]]:
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    found = zxingcpp.read_barcodes(bitmap.to_pil(), formats=FORMATS)
    counted = Counter((_format(one), _text(one)) for one in found)
    bitmap.close()
    page.close()
    return counted


def _format(one: zxingcpp.Barcode) -> str:
    return str(one.format).rpartition(".")[2].replace("-", "").replace(" ", "")


def _text(one: zxingcpp.Barcode) -> str:
    """What a scanner sends: of GS1-128 the bare data with its FNC1, not the text that the library makes of it."""
    return str(one.bytes.decode("latin-1") if _format(one) == GS1_128 else one.text)


def check(pdf: bytes, labels: Sequence[Sequence[tuple[str, str]]], per_page: int) -> None:
    """Raise Unreadable unless each page holds exactly its labels, each with its symbols: (format, text)."""
    pages = symbols(pdf)
    for number, counted in enumerate(pages):
        here = labels[number * per_page : (number + 1) * per_page]
        expected = Counter(symbol for one in here for symbol in one)
        if counted != expected:
            raise Unreadable(
                f"page {number + 1}: read {sum(counted.values())} symbols, expected {sum(expected.values())}"
            )
    if len(pages) * per_page < len(labels):
        raise Unreadable(f"{len(pages)} pages are too few for {len(labels)} labels")


def expected(content: Content, layout: Layout, serial: str = "") -> list[tuple[str, str]]:
    """The symbols that one label must hold."""
    bars = ean13(content.gtin) if layout.bars_mm else None
    return [(QR, content.qr_text(serial)), *([(EAN, bars)] if bars else [])]
