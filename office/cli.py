"""Commands across parts: `flask records report`, `flask trace …`."""

from office.records.cli import COMMANDS as RECORDS
from office.tracing.cli import COMMANDS as TRACE

COMMANDS = [*RECORDS, *TRACE]
