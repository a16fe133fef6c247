"""What two people approved, kept in a file of the instance too: commands that answer line by line read it there.

They must answer where no database does, and a database that is far away and silent would hold them up for as long as a
connection takes to fail. The file is written when an import is approved, and by the worker where it lacks something;
the database is what holds. A file that cannot be read is as none, and said so.
"""

import json
import logging
import os
from collections.abc import Mapping
from pathlib import Path

from flask import current_app

from registry.standards.files import shipped
from registry.standards.queries import approved, assembled
from registry.standards.rules import Standard, Unusable

NAME = "standards-approved.json"
log = logging.getLogger(__name__)


def _file() -> Path:
    return Path(current_app.instance_path) / NAME


def keep_approved() -> int:
    """Write the file anew where it says something else than the database; 1 if it did. Call it outside a transaction
    that approves: what is rolled back must not stand there.
    """
    text = json.dumps(approved(), ensure_ascii=False)
    if (text == "[]" and not _file().exists()) or _read() == text:
        return 0
    fresh = _file().with_suffix(f".{os.getpid()}")
    try:
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(_file())
    except OSError as error:
        log.warning("approved standards not kept for commands", extra={"why": error.strerror})
        return 0
    return 1


def _read() -> str:
    try:
        return _file().read_text(encoding="utf-8")
    except FileNotFoundError:
        return "[]"
    except (OSError, UnicodeDecodeError) as error:
        log.warning("approved standards cannot be read: the shipped files alone", extra={"why": str(error)})
        return "[]"


def known() -> Mapping[str, Standard]:
    """The shipped standards with what was approved, without a database."""
    try:
        return assembled([(kind, name, content) for kind, name, content in json.loads(_read())])
    except (ValueError, TypeError, KeyError, Unusable) as error:
        log.warning("approved standards are no standards: the shipped files alone", extra={"why": str(error)})
        return shipped()
