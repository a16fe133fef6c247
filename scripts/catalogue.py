"""Keep `translations/en/<part>.po` in step with the texts in code and templates.

python scripts/catalogue.py PART…     add the part's new texts with an empty translation, drop unused ones
python scripts/catalogue.py --check   list texts without English; exit 1 if there is any
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "translations" / "en"
KEYWORDS = {
    "_": None,
    "_l": None,
    "N_": None,
    "gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_gettext": None,
}
SHARED = ("layouts", "components")  # templates that belong to the composition root


def _folders(part: str) -> list[Path]:
    folders = [ROOT / part, ROOT / "templates" / part]
    if part == "app":
        folders += [ROOT / "templates" / name for name in SHARED]
    return [folder for folder in folders if folder.is_dir()]


def extract(part: str) -> Catalog:
    """Every text of a part, sorted."""
    catalogue = Catalog(locale="en", project="Chợ Phiên", header_comment=f"# English texts of {part}.")
    methods = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
    # Options belong to a file pattern. A template that cannot be read stops the run: its texts would go missing.
    reading = {"silent": "false", "extensions": "jinja2.ext.do"}
    options = dict.fromkeys(["**.html", "**.txt", "*.html"], reading)
    for folder in _folders(part):
        found = extract_from_dir(
            folder, methods, options, KEYWORDS, comment_tags=(), directory_filter=_wanted
        )
        for _path, _line, message, _comments, context in found:
            catalogue.add(message, context=context)
    if part == "app":
        loose = [("*.html", "jinja2")]
        for _p, _l, message, _c, context in extract_from_dir(
            ROOT / "templates", loose, options, KEYWORDS, directory_filter=lambda _folder: False
        ):
            catalogue.add(message, context=context)
    return catalogue


def _wanted(folder: str) -> bool:
    return Path(folder).name not in ("__pycache__", "data")


def update(part: str) -> Catalog:
    """Write the part's file: old translations kept, new texts empty, unused ones gone."""
    path, fresh = OUT / f"{part}.po", extract(part)
    if path.exists():
        old = read_po(path.open(encoding="utf-8"), locale="en")
        for message in fresh:
            if message.id and (known := old.get(message.id, message.context)) is not None:
                message.string = known.string
    if len(fresh):
        out = BytesIO()
        write_po(out, fresh, no_location=True, sort_output=True, omit_header=True, width=110)
        path.write_bytes(
            b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n' + out.getvalue()
        )
    return fresh


def parts() -> list[str]:
    """The packages of the house."""
    return sorted(
        p.parent.name
        for p in ROOT.glob("*/__init__.py")
        if p.parent.name not in ("tests", "scripts", "benchmarks")
    )


def missing() -> list[str]:
    """Texts without English, as 'part: text'."""
    gone = []
    for part in parts():
        path = OUT / f"{part}.po"
        known = read_po(path.open(encoding="utf-8"), locale="en") if path.exists() else Catalog()
        for message in extract(part):
            found = known.get(message.id, message.context) if message.id else None
            strings = (
                []
                if found is None
                else [found.string]
                if isinstance(found.string, str)
                else list(found.string)
            )
            if message.id and not (strings and all(strings)):
                gone.append(f"{part}: {message.id}")
    return gone


if __name__ == "__main__":
    if "--check" in sys.argv:
        gaps = missing()
        print("\n".join(gaps) or "every text has its English")
        sys.exit(1 if gaps else 0)
    for name in sys.argv[1:] or parts():
        print(f"{name}: {len(update(name))} texts")
