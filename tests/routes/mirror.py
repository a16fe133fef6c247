"""A family sees where its own kilos went, and nobody else's."""

from tests.routes.row import SIGNED_IN, Row

ROWS = [
    Row("mirror.kilos", SIGNED_IN, own=lambda w: {"producer_id": w.mine.id}, page=False,
        foreign=lambda w: {"producer_id": w.producer.id}),
]  # fmt: skip
