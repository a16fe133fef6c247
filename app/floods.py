"""How many requests one address may send (`REQUESTS_PER_MINUTE`), counted in this process.

Pages answered from the shelf (`app.kept`) and static files are not counted: a village behind one address reads freely.
"""

import threading

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import MemoryStorage

SCHEME = "memory-locked"


class LockedMemory(MemoryStorage):
    """The library's counters in memory, where two threads never start the same timer.

    limits 5.8.0 does not lock it: at a hundred requests at once a reader got a 500 ("threads can only be started
    once"; found by tests/exams/test_last_unit.py). Mended upstream after 5.8.0; goes when a newer one can be had.
    """

    STORAGE_SCHEME = [SCHEME]

    def __init__(self, uri: str | None = None, wrap_exceptions: bool = False, **options: str) -> None:
        self.starting = threading.Lock()
        super().__init__(uri, wrap_exceptions=wrap_exceptions, **options)

    def _MemoryStorage__schedule_expiry(self) -> None:
        with self.starting:
            super()._MemoryStorage__schedule_expiry()  # type: ignore[misc]


limiter = Limiter(get_remote_address, headers_enabled=False)
