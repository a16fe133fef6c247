"""Make places/data/units.json.gz from PyPI vietnamadminunits, deterministically.

    python -m venv build/data && build/data/bin/pip install --require-hashes -r requirements/data.txt
    build/data/bin/python scripts/make_places.py

The package is read as data (its SQLite file and its converter table); no address is sent anywhere. Only the standard
library is needed besides it. The format is described in docs/guide/places-format.md.
"""

import gzip
import json
import sqlite3
from collections import defaultdict
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

OUT = Path(__file__).resolve().parents[1] / "places" / "data" / "units.json.gz"
CHANGED_ON = "2025-07-01"  # the first day of two levels
OLD_FROM = "2025-01-01"  # the day for which the package's older list (63 provinces) is known to hold

# Our own grouping of the 34 provinces into the six regions of the plans of late 2025, by province code. Used for
# shipping zones only. Not read in the official text: correct it here if a source says otherwise.
REGIONS = {
    "mien_nui_phia_bac": "08 04 19 15 11 12 14 25 20",
    "dong_bang_song_hong": "01 22 24 31 33 37",
    "bac_trung_bo": "38 40 42 44 46",
    "nam_trung_bo_tay_nguyen": "48 51 52 66 56 68",
    "dong_nam_bo": "75 80 79",
    "dong_bang_song_cuu_long": "82 86 91 92 96",
}
REGION_OF = {code: region for region, codes in REGIONS.items() for code in codes.split()}
KINDS = ("Thành phố", "Thị xã", "Thị trấn", "Đặc khu", "Tỉnh", "Quận", "Huyện", "Phường", "Xã")
Key = tuple[str, str, str]


def split_kind(full: str) -> tuple[str, str]:
    """ "Thị Trấn Yến Lạc" → ("Thị trấn", "Yến Lạc")."""
    for kind in KINDS:
        if full.lower().startswith(kind.lower() + " "):
            return kind, full[len(kind) + 1 :]
    raise SystemExit(f"unknown kind of unit: {full}")


class Maker:
    """Collects units and changes in the order of the file."""

    def __init__(self, folder: Path) -> None:
        self.database = sqlite3.connect(folder / "dataset.db")
        self.database.row_factory = sqlite3.Row
        self.converter = json.loads((folder / "converter_2025.json").read_text(encoding="utf-8"))
        self.units: dict[Key, list[Any]] = {}
        self.changes: set[tuple[Key, Key, str]] = set()
        self.new_provinces: dict[str, Key] = {}  # province key of the package → ours
        self.old_provinces: dict[str, Key] = {}
        self.new_communes: dict[tuple[str, str], list[Key]] = defaultdict(list)
        self.old_units: dict[str, Key] = {}
        self.unmatched: list[tuple[str, str]] = []

    def add(
        self,
        level: str,
        code: str,
        full: str,
        parent: Key | None,
        begins: str,
        ends: str | None,
        urban: int | None = None,
    ) -> Key:
        """One unit; a second arrival of the same one is ignored."""
        key = (level, code, begins)
        kind, name = split_kind(full)
        region = REGION_OF.get(code) if level == "province" and ends is None else None
        self.units.setdefault(key, [level, code, kind, name, parent, region, urban, begins, ends])
        return key

    def new(self) -> None:
        """34 provinces and what lies directly under them. A province that only changed inside keeps its older row."""
        for row in self.database.execute("SELECT * FROM admin_units ORDER BY provinceCode, wardCode"):
            olds = self.converter["DICT_PROVINCE"][row["provinceKey"]]
            begins = OLD_FROM if olds == [row["provinceKey"]] else CHANGED_ON
            province = self.add("province", row["provinceCode"], row["province"], None, begins, None)
            self.new_provinces[row["provinceKey"]] = province
            # The package gives the legal kind only: a ward is urban. Kept as its own flag, with this as its source.
            urban = {"Phường": 1, "Xã": 0}.get(row["wardType"])
            commune = self.add("commune", row["wardCode"], row["ward"], province, CHANGED_ON, None, urban)
            self.new_communes[row["provinceKey"], row["wardKey"]].append(commune)

    def old(self) -> None:
        """63 provinces, districts and communes, all but the lasting provinces ended on the day of the change."""
        lasting = {key for key, province in self.new_provinces.items() if province[2] == OLD_FROM}
        for row in self.database.execute(
            "SELECT * FROM admin_units_legacy ORDER BY provinceCode, districtCode, wardCode"
        ):
            key = row["provinceKey"]
            if key in lasting:
                province = self.new_provinces[key]
            else:
                province = self.add(
                    "province", row["provinceCode"], row["province"], None, OLD_FROM, CHANGED_ON
                )
            self.old_provinces[key] = province
            district = self.add(
                "district", row["districtCode"], row["district"], province, OLD_FROM, CHANGED_ON
            )
            unit = district
            if row["ward"]:
                unit = self.add("commune", row["wardCode"], row["ward"], district, OLD_FROM, CHANGED_ON)
            self.old_units[f"{key}_{row['districtKey']}_{row['wardKey'] or ''}"] = unit

    def became(self) -> None:
        """Old to new: whole, or parted among several ('most' for the package's default, 'part' for the others)."""
        for new_key, old_keys in self.converter["DICT_PROVINCE"].items():
            for old_key in old_keys:
                if (old := self.old_provinces[old_key]) != (new := self.new_provinces[new_key]):
                    self.changes.add((old, new, ""))
        for province, communes in self.converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
            for commune, olds in communes.items():
                for old in olds:
                    self._change(old, province, commune, "")
        for province, olds_parted in self.converter["DICT_PROVINCE_WARD_DIVIDED"].items():
            for old, parts in olds_parted.items():
                for part in parts:
                    self._change(
                        old,
                        province,
                        part["newWardKey"],
                        "most" if part["isDefaultNewWard"] else "part",
                        part,
                    )

    def _change(
        self, old: str, province: str, commune: str, note: str, part: dict[str, Any] | None = None
    ) -> None:
        news = self.new_communes[province, commune]
        if old not in self.old_units or not news:
            self.unmatched.append((old, commune))
            return
        if len(news) > 1:
            # Two communes of one province fold to the same key: the part's own position tells which is meant.
            news = [self._nearest(news, part)] if part else news
            note = note or ("" if len(news) == 1 else "part")
        for new in news:
            self.changes.add((self.old_units[old], new, note))

    def _nearest(self, news: list[Key], part: dict[str, Any]) -> Key:
        def off(key: Key) -> float:
            query = "SELECT wardLat, wardLon FROM admin_units WHERE wardCode = ?"
            lat, lon = self.database.execute(query, (key[1],)).fetchone()
            return abs(lat - part["newWardLat"]) + abs(lon - part["newWardLon"])

        return min(news, key=off)

    def body(self) -> dict[str, Any]:
        """The file's content. Parents are numbered in a list of their own, changes name units by position."""
        order = {"province": 0, "district": 1, "commune": 2}
        units = sorted(self.units.items(), key=lambda item: (order[item[0][0]], item[0][2], item[0][1]))
        parents = sorted({row[4] for _key, row in units if row[4]})
        place = {key: number for number, (key, _row) in enumerate(units)}
        number = {parent: at for at, parent in enumerate(parents)}
        rows = [[*row[:4], None if row[4] is None else number[row[4]], *row[5:]] for _key, row in units]
        # One old → new pair has one note; 'most' wins over 'part'.
        notes: dict[tuple[int, int], str] = {}
        for old, new, note in sorted(self.changes):
            notes.setdefault((place[old], place[new]), note)
        changes = [[old, new, CHANGED_ON, note] for (old, new), note in sorted(notes.items())]
        return {
            "format": "cho-phien-places/1",
            "header": header(),
            "parents": parents,
            "units": rows,
            "changes": changes,
        }


def header() -> dict[str, str]:
    """Where this comes from, and what it does not hold."""
    return {
        "package": "vietnamadminunits",
        "version": version("vietnamadminunits"),
        "licence": "MIT",
        "data_packed_on": "2025-08-23",
        "valid_as_of": CHANGED_ON,
        "not_in_it": "Changes of April 2026 are NOT in this list.",
        "urban_source": "unit kind (phường = urban, xã = rural) in vietnamadminunits; special zones left open",
        "urban_from": CHANGED_ON,
        "region_note": "six regions grouped by this project for shipping zones; not read in the official text",
        "old_from_note": f"{OLD_FROM}: the first day for which the older list is known to hold, not a founding day",
    }


def main() -> None:
    """Write the file and say what is in it."""
    spec = find_spec("vietnamadminunits")
    if spec is None or spec.origin is None:
        raise SystemExit(
            "vietnamadminunits is not installed: pip install --require-hashes -r requirements/data.txt"
        )
    maker = Maker(Path(spec.origin).parent / "data")
    maker.new()
    maker.old()
    maker.became()
    body = maker.body()
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    changed = {old for old, _new, _on, _note in body["changes"]}
    left = [
        row for at, row in enumerate(body["units"]) if row[8] and row[0] == "commune" and at not in changed
    ]
    print(
        f"{OUT.name}: {OUT.stat().st_size} bytes, {len(body['units'])} units, {len(body['changes'])} changes"
    )
    print(
        f"old communes without a successor: {len(left)} {left[:5]}; "
        f"pairs not found: {len(maker.unmatched)} {maker.unmatched[:5]}"
    )


if __name__ == "__main__":
    main()
