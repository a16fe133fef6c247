"""Cut `static/css/scan.css` from `static/css/chophien.css`: the sections marked "scan", and the scan page's own lines.

python scripts/cut_css.py           write it
python scripts/cut_css.py --check   exit 1 if it is not what would be written
"""

import re
import sys
from pathlib import Path

CSS = Path(__file__).resolve().parents[1] / "static" / "css"
HEAD = "/* Cut from chophien.css by scripts/cut_css.py; change it there. */\n"
ORDER = "@layer reset, tokens, base, layout, components, utilities;\n"


def cut(whole: str) -> str:
    """The sections whose marker ends in "scan", in their order; those marked "scan-only" come from comments."""
    sections = re.split(r"^/\*# (.+?) \*/\n", whole, flags=re.MULTILINE)[1:]
    kept = [
        body.strip()
        for name, body in zip(sections[::2], sections[1::2], strict=True)
        if name.split()[-1] == "scan"
    ]
    own = (CSS / "scan-own.css").read_text(encoding="utf-8").strip()
    return HEAD + ORDER + "\n".join([*kept, own]) + "\n"


if __name__ == "__main__":
    fresh = cut((CSS / "chophien.css").read_text(encoding="utf-8"))
    target = CSS / "scan.css"
    if "--check" in sys.argv:
        sys.exit(
            0
            if target.read_text(encoding="utf-8") == fresh
            else "static/css/scan.css is old: run python scripts/cut_css.py"
        )
    target.write_text(fresh, encoding="utf-8")
