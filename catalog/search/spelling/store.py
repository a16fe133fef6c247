"""The words on this machine's disk: `<instance>/search/words-<number>/`, and a file that names the one in use."""

import os
import shutil
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app

if TYPE_CHECKING:
    from whoosh.index import FileIndex

CURRENT = "words-in-use"

Word = tuple[str, str, int]  # folded, as shown, how often


def folder() -> Path:
    """Where the words lie."""
    return Path(current_app.config["INSTANCE_DIR"]) / "search"


def replace(single: Iterable[Word], joined: Iterable[Word], pairs: Iterable[Word]) -> int:
    """Write all words into a new index beside the old, then name it the one in use. How many words it holds.

    single: words; joined: pairs of words written as one ("miendong" → "miến dong"); pairs: two words side by side.
    """
    from whoosh.fields import ID, STORED, Schema  # loaded by the worker, and where a search found nothing
    from whoosh.index import create_in

    home = folder()
    home.mkdir(parents=True, exist_ok=True)
    known = sorted(int(one.name.rsplit("-", 1)[1]) for one in home.glob("words-[0-9]*"))
    number = (known[-1] if known else 0) + 1
    path = home / f"words-{number}"
    path.mkdir()
    total = 0
    with create_in(str(path), Schema(word=ID, pair=ID, shown=STORED, count=STORED)).writer() as writer:
        for field, rows in (("word", single), ("word", joined), ("pair", pairs)):
            for text, shown, count in rows:
                writer.add_document(**{field: text}, shown=shown, count=count)
                total += 1
    fresh = home / f"{CURRENT}.new"
    fresh.write_text(path.name, encoding="utf-8")
    os.replace(fresh, home / CURRENT)
    for number in known[:-1]:  # the last one may be read at this moment
        shutil.rmtree(home / f"words-{number}", ignore_errors=True)
    return total


def opened() -> "FileIndex | None":
    """The index in use; None before the worker made the first."""
    try:
        name = (folder() / CURRENT).read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    return _open(str(folder() / name))


@lru_cache(maxsize=2)
def _open(path: str) -> Any:
    from whoosh.index import open_dir

    return open_dir(path, readonly=True)
