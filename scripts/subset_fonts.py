"""Cut Noto Sans (SIL OFL 1.1) down to what labels print: Latin, Vietnamese, ₫ and a few signs.

    python scripts/subset_fonts.py [FOLDER]    FOLDER holds NotoSans-Regular.ttf and NotoSans-Bold.ttf
                                               (Debian's fonts-noto-core: /usr/share/fonts/truetype/noto)

The results are committed, so this runs only when the font or the set of signs changes.
"""

import json
import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUT = Path(__file__).resolve().parents[1] / "core" / "fonts"
SIGNS = [
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, *range(0x300, 0x304), 0x309, 0x323,
    *range(0x1EA0, 0x1EFA), *range(0x2010, 0x2016), 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026, 0x20AB,
]  # fmt: skip


def cut(source: Path, target: Path) -> int:
    """Write the subset of one font; its size in bytes. Deterministic: no time stamp is written."""
    options = subset.Options(
        layout_features=["kern", "mark", "mkmk", "ccmp"], hinting=False, notdef_outline=True
    )
    options.recalc_timestamp = False
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=SIGNS)
    cutter.subset(font)
    subset.save_font(font, str(target), options)
    return target.stat().st_size


def widths(font: Path) -> dict[str, int]:
    """How wide each sign is set, in thousandths of the letter's size: what layouts are computed with."""
    with TTFont(font) as face:
        metrics, scale = face["hmtx"], 1000 / face["head"].unitsPerEm
        return {
            chr(code): round(metrics[name][0] * scale) for code, name in sorted(face.getBestCmap().items())
        }


if __name__ == "__main__":
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/fonts/truetype/noto")
    OUT.mkdir(parents=True, exist_ok=True)
    for name in ("NotoSans-Regular.ttf", "NotoSans-Bold.ttf"):
        print(name, cut(folder / name, OUT / name), "bytes")
    measured = {name.lower(): widths(OUT / f"NotoSans-{name}.ttf") for name in ("Regular", "Bold")}
    (OUT / "widths.json").write_text(
        json.dumps(measured, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
