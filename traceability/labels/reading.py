"""Reading a sheet back as a scanner would: every page at 300 dpi, every symbol decoded and compared."""

from collections import Counter

import pypdfium2
import zxingcpp

DPI = 300
FORMATS = zxingcpp.BarcodeFormats((zxingcpp.BarcodeFormat.EAN13, zxingcpp.BarcodeFormat.QRCode))


class Unreadable(Exception):
    """A symbol could not be read, or read as something else. The sheet is not offered."""


def symbols(pdf: bytes, *, dpi: int = DPI) -> list[Counter[tuple[str, str]]]:
    """For each page, how often each (format, text) was read. Formats are 'EAN13' and 'QRCode'."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [_page_symbols(page, dpi) for page in document]
    finally:
        document.close()


def _page_symbols(page: pypdfium2.PdfPage, dpi: int) -> Counter[tuple[str, str]]:
    bitmap = page.render(scale=dpi / 72, grayscale=True)
    found = zxingcpp.read_barcodes(bitmap.to_pil(), formats=FORMATS)
    counted = Counter(
        (str(one.format).rpartition(".")[2].replace("-", "").replace(" ", ""), one.text) for one in found
    )
    bitmap.close()
    page.close()
    return counted


def check(pdf: bytes, *, ean13: str | None, link: str, quantity: int, per_page: int) -> None:
    """Raise Unreadable unless each page holds exactly its labels, each with its symbols and the right texts.

    ean13: None where the layout has no room for bars.
    """
    pages = symbols(pdf)
    for number, counted in enumerate(pages):
        labels = min(per_page, quantity - number * per_page)
        expected = Counter({("QRCode", link): labels} | ({("EAN13", ean13): labels} if ean13 else {}))
        if counted != expected:
            raise Unreadable(
                f"page {number + 1}: read {sum(counted.values())} symbols, expected {sum(expected.values())}"
            )
    if len(pages) * per_page < quantity:
        raise Unreadable(f"{len(pages)} pages are too few for {quantity} labels")
