"""One shop's turn: several documents at a time while it answers quickly, and none begun when its time is over.

A shop with one process only grows slower by several at a time, one with more is served as fast as it can: so we begin
with two, take one more after each quick answer, and half as many after a slow one. A shop that says "later" (429, 503)
or gives no answer ends its turn: what is under way is waited for, nothing more is begun.
"""

import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Any

from channels.saleor.client import Client

AT_ONCE_FIRST, AT_ONCE_MOST = 2, 4
QUICK_S, SLOW_S = 1.5, 5.0
TURN_S = 20.0

Ask = tuple[str, Mapping[str, object]]  # a document and its variables
Answer = dict[str, Any]


def width_after(width: int, took_s: float) -> int:
    """How many documents at a time after one that took so long.

    >>> width_after(2, 0.3), width_after(4, 0.3), width_after(4, 3.0), width_after(3, 9.0), width_after(1, 9.0)
    (3, 4, 4, 1, 1)
    """
    if took_s <= QUICK_S:
        return min(width + 1, AT_ONCE_MOST)
    return max(width // 2, 1) if took_s > SLOW_S else width


class Turn:
    """A shop and the time that it may take. before: done in the caller's thread before each document that is sent."""

    def __init__(
        self, shop: Client, for_s: float = TURN_S, before: Callable[[], None] = lambda: None
    ) -> None:
        self.shop, self.before = shop, before
        self._until = time.monotonic() + for_s
        self._width = AT_ONCE_FIRST

    @property
    def over(self) -> bool:
        """Whether nothing more may be begun."""
        return time.monotonic() >= self._until

    def ask(self, asks: Sequence[Ask]) -> list[Answer | None]:
        """Queries, answers in their order; None where no time was left. Raises ShopDown, ShopRefused."""
        return self._each(self.shop.query, asks)

    def change(self, asks: Sequence[Ask]) -> list[Answer | None]:
        """The same for mutations. What was raised by one says nothing of the others: look before the next try."""
        return self._each(self.shop.mutate, asks)

    def _each(self, act: Callable[..., Answer], asks: Sequence[Ask]) -> list[Answer | None]:
        answers: list[Answer | None] = [None] * len(asks)
        waiting, flying = iter(enumerate(asks)), dict[Future[tuple[Answer, float]], int]()
        with ThreadPoolExecutor(AT_ONCE_MOST) as pool:
            error: BaseException | None = None
            while True:
                while error is None and len(flying) < self._width and not self.over:
                    if (one := next(waiting, None)) is None:
                        break
                    self.before()
                    flying[pool.submit(_timed, act, *one[1])] = one[0]
                if not flying:
                    break
                for done in wait(flying, return_when=FIRST_COMPLETED).done:
                    place = flying.pop(done)
                    if failed := done.exception():
                        error = error or failed
                        continue
                    answers[place], took_s = done.result()
                    self._width = width_after(self._width, took_s)
        if error is not None:
            raise error
        return answers


def _timed(
    act: Callable[..., Answer], document: str, variables: Mapping[str, object]
) -> tuple[Answer, float]:
    began = time.monotonic()
    return act(document, **variables), time.monotonic() - began
