"""North American coupon codes, AI 8110 and 8112 (GS1 AISBL, North American Coupon Application Guideline).

No cooperative of ours prints one; a label that carries one is read all the same.
"""

from traceability.gs1.syntax.faults import At, digits, prefix


class _Stop(Exception):
    """Where the code breaks off, and why."""

    def __init__(self, at: int, why: str) -> None:
        super().__init__(why)
        self.at, self.why = at, why


class _Reader:
    """Takes fields from the front of a code."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def more(self) -> bool:
        """Whether anything is left."""
        return self.at < len(self.text)

    def take(self, length: int, what: str) -> str:
        """So many digits."""
        part = self.text[self.at : self.at + length]
        if len(part) < length:
            raise _Stop(self.at if part else 0, f"{what} is cut off")
        self.at += length
        return part

    def one_of(self, allowed: str, what: str) -> str:
        """A digit among these."""
        found = self.take(1, what)
        if found not in allowed:
            raise _Stop(self.at - 1, f"no such {what}")
        return found

    def counted(self, allowed: str, more: int, what: str) -> str:
        """A field after a digit that says its length, less `more`."""
        return self.take(int(self.one_of(allowed, f"length of the {what}")) + more, what)

    def company(self, allowed: str, what: str) -> None:
        """A company prefix after its length; a length of 9 means there is none."""
        length = self.one_of(allowed, f"length of the {what}")
        start = self.at
        if length != "9" and prefix(self.take(int(length) + 6, what)):
            raise _Stop(start, "not a company prefix")

    def purchase(self, what: str) -> None:
        """What must be bought: a requirement, its code, a family."""
        self.counted("12345", 0, f"{what} requirement")
        self.one_of("012349", f"{what} requirement's code")
        self.take(3, f"{what} family")

    def option(self, number: str) -> bool:
        """Whether this optional field comes next."""
        if self.text[self.at : self.at + 1] != number:
            return False
        self.at += 1
        return True

    def day(self, what: str) -> str:
        """A date of six digits with a day."""
        start, text = self.at, self.take(6, what)
        month, day = int(text[2:4]), int(text[4:])
        longest = (31, 28 + (int(text[:2]) % 4 == 0), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
        if not 1 <= month <= 12 or not 1 <= day <= longest[month - 1]:
            raise _Stop(start, f"{what} is no date")
        return text


def _options(code: _Reader) -> None:
    if code.option("1"):
        code.one_of("0123", "rule of additional purchases")
        code.purchase("second purchase")
        code.company("01234569", "second purchase's prefix")
    if code.option("2"):
        code.purchase("third purchase")
        code.company("01234569", "third purchase's prefix")
    ends = code.day("expiry") if code.option("3") else ""
    if code.option("4"):
        begins = code.day("start")
        if ends and begins > ends:
            raise _Stop(code.at - 14, "it ends before it starts")
    if code.option("5"):
        code.counted("0123456789", 6, "serial number")
    if code.option("6"):
        start = code.at + 1
        if prefix(code.counted("1234567", 6, "retailer")):
            raise _Stop(start, "not a company prefix")
    if code.option("9"):
        code.one_of("01256", "code of the saving")
        code.one_of("012", "item the saving applies to")
        code.take(1, "store coupon flag")
        code.one_of("01", "flag against multiplying")


def _whole(code: _Reader) -> At:
    return (code.at, "more than a coupon holds") if code.more() else None


def coupon(text: str) -> At:
    """AI 8110."""
    code = _Reader(text)
    if wrong := digits(text):
        return wrong
    try:
        code.company("0123456", "company prefix")
        code.take(6, "offer code")
        code.counted("12345", 0, "saving")
        code.purchase("first purchase")
        _options(code)
    except _Stop as error:
        return error.at, error.why
    return _whole(code)


def positive_offer(text: str) -> At:
    """AI 8112."""
    code = _Reader(text)
    if wrong := digits(text):
        return wrong
    try:
        code.one_of("01", "format")
        code.counted("0123456", 6, "funder")
        code.take(6, "offer code")
        code.counted("0123456789", 6, "serial number")
    except _Stop as error:
        return error.at, error.why
    return _whole(code)
