"""Imported once by the process from which the exams' own processes are forked: all of the product, nothing made yet."""

from app import parts
from tests.exams import buyers, poster, refunders, treasurers

for _name in ("views", "cli", "tasks"):
    parts._modules(_name)
assert buyers and poster and refunders and treasurers
