"""What the worker does for statements: book what was accepted, in turns, so that nobody waits for the database."""

from core.db import transaction
from payments.bank_statements.operations import apply_turn
from payments.bank_statements.queries import applying


def apply_statements() -> int:
    """Book the next turn of every accepted statement; how many turns."""
    turns = 0
    for statement_id in applying():
        with transaction():
            apply_turn(statement_id)
        turns += 1
    return turns
