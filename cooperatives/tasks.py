"""Duties of the worker: write down that held bank accounts have come into force."""

from cooperatives.bank.operations import settle_accounts
from core.db import transaction
from core.work import Task


def settle() -> int:
    """Accounts whose 48 hours have passed become active, the ones before them retire."""
    with transaction():
        return settle_accounts()


TASKS = [Task("bank accounts", 60, settle)]
