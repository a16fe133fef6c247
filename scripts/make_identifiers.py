"""Make traceability/gs1/syntax/identifiers.txt anew from GS1's published Barcode Syntax Dictionary.

python scripts/make_identifiers.py gs1-syntax-dictionary.txt

The file is GS1's; only its facts are kept, in our form.
"""

import re
import sys
from pathlib import Path

HERE = Path(__file__).parent.parent / "traceability" / "gs1" / "syntax" / "identifiers.txt"
_ROW = re.compile(r"(\d+(?:-\d+)?)\s+([*?!\"$%&']*)\s*(.*)$")


def _component(spec: str) -> str:
    optional = "?" if spec.startswith("[") else ""
    shape, *checks = spec.replace("[", "").replace("]", "").split(",")
    length = f"1-{shape[3:]}" if shape[1:].startswith("..") else shape[1:]
    return optional + ":".join([shape[0] + length, *checks])


def row(line: str) -> str:
    """One entry in our form. Raises ValueError for a line that is none."""
    body, _sign, title = line.partition("#")
    match = _ROW.match(body.rstrip())
    if match is None:
        raise ValueError(line)
    ai, flags, rest = match.groups()
    said = rest.split()
    needs = [one[4:].replace(",", " or ") for one in said if one.startswith("req=")]
    excludes = [ai for one in said if one.startswith("ex=") for ai in one[3:].split(",")]
    keys = [way or "-" for one in said if one.startswith("dlpkey") for way in one[7:].split("|")]
    parts = [_component(one) for one in said if not re.match(r"req=|ex=|dlpkey", one)]
    kinds = [word for sign, word in (("*", "fixed"), ("?", "attribute")) if sign in flags]
    fields = [
        ai,
        " ".join(kinds),
        ";".join(parts),
        " & ".join(needs),
        " ".join(excludes),
        "/".join(keys),
        title.strip(),
    ]
    return "|".join(fields)


def main(source: str) -> None:
    """Write the file, keeping its own heading."""
    heading = [line for line in HERE.read_text(encoding="utf-8").splitlines() if line.startswith("#")]
    lines = Path(source).read_text(encoding="utf-8").splitlines()
    rows = [row(line) for line in lines if line.strip() and not line.startswith("#")]
    HERE.write_text("\n".join([*heading, *rows]) + "\n", encoding="utf-8")
    print(f"{len(rows)} rows")


if __name__ == "__main__":
    main(sys.argv[1])
