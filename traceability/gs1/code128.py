"""GS1-128 symbols: Code 128 with FNC1 first, digits in pairs where that is shorter (ISO/IEC 15417, Gen. Spec. 5.4)."""

import re

FNC1 = "\x1d"
QUIET = 10  # modules of white on either side
_TABLE = (
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 122231 113222 "
    "123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 322112 322211 212123 212321 "
    "232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 112133 112331 132131 113123 113321 133121 "
    "313121 211331 231131 213113 213311 213131 311123 311321 331121 312113 312311 332111 314111 221411 431111 111224 "
    "111422 121124 121421 141122 141221 112214 112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 "
    "111242 121142 121241 114212 124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 "
    "114311 411113 411311 113141 114131 311141 411131 211412 211214 211232 2331112"
)
_WIDTHS = _TABLE.split()
_TO_C, _TO_B, _FNC1, _START_B, _START_C, _STOP = 99, 100, 102, 104, 105, 106
_PAIRS = re.compile(r"(?:[0-9]{2})+", re.ASCII)
LONGEST = 48  # characters of data that one GS1-128 symbol may hold


def modules(data: str) -> str:
    """The modules of a GS1-128 symbol without its quiet zones, '1' dark. data: FNC1 (ASCII 29) first and between.

    Raises ValueError for data that does not begin with FNC1, that is longer than 48 characters, or not printable ASCII.
    """
    if not data.startswith(FNC1) or not 2 <= len(data) <= LONGEST + 1:
        raise ValueError("GS1-128 holds FNC1 and then at most 48 characters")
    if any(one != FNC1 and not " " <= one <= "~" for one in data):
        raise ValueError("GS1-128 of ours holds printable ASCII alone")
    codes = _codes(data)
    check = (codes[0] + sum(place * code for place, code in enumerate(codes[1:], 1))) % 103
    dark, found = True, []
    for width in "".join(_WIDTHS[code] for code in (*codes, check, _STOP)):
        found.append(("1" if dark else "0") * int(width))
        dark = not dark
    return "".join(found)


def _codes(data: str) -> list[int]:
    """Start and data codes: set C for four digits or more in a row (two at the very start), set B for the rest."""
    in_pairs = _PAIRS.match(data, 1) is not None
    codes, at = [_START_C if in_pairs else _START_B], 0
    while at < len(data):
        if data[at] == FNC1:
            codes.append(_FNC1)
            at += 1
            continue
        run = _PAIRS.match(data, at)
        length = len(run[0]) if run else 0
        if in_pairs and length:
            codes.append(int(data[at : at + 2]))
            at += 2
        elif not in_pairs and length >= 4:
            codes.append(_TO_C)
            in_pairs = True
        elif in_pairs:
            codes.append(_TO_B)
            in_pairs = False
        else:
            codes.append(ord(data[at]) - 32)
            at += 1
    return codes
