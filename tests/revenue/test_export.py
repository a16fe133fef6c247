"""The written-out book is read by hledger and beancount themselves, where they are installed."""

import re
import shutil
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from core.db import db
from revenue.cli import revenue
from revenue.export.queries import balances
from revenue.export.rules import Part, Row, account_name, beancount, hledger
from revenue.models import Entry, Ledger, Posting
from revenue.rules import AccountKind
from tests.factories.revenue import delivered, paid_out, refunded
from tests.revenue.stories import a_world
from tests.revenue.test_refund import line_of

PROGRAMS = {
    "hledger": ["hledger", "check", "-f"],
    "beancount": ["bean-check"],
}


def book(app: Flask) -> Any:
    """A book with every kind of account in it: advance, sale, cash on delivery, payout, refund."""
    world = a_world(advances=(10_000,))
    bought = delivered(world.bought(2))
    delivered(world.bought(1, "cod"))
    paid_out(world.producers[1], 5_000, "cash")
    refunded(bought, {line_of(bought): 65_000})
    return world


def written(app: Flask, form: str, path: Path) -> tuple[str, dict[str, int]]:
    with app.app_context():
        org = book(app).org
        expected = balances(org)
    made = app.test_cli_runner().invoke(
        revenue, ["export", "--format", form, "--organisation", str(org), "-o", str(path)]
    )
    assert made.exit_code == 0, made.output
    return path.read_text(encoding="utf-8"), expected


@pytest.mark.parametrize("form", PROGRAMS)
def test_every_entry_and_every_balance_is_written(app: Flask, tmp_path: Path, form: str) -> None:
    text, expected = written(app, form, tmp_path / "book")
    assert "dữ liệu minh hoạ" in text.splitlines()[0]
    assert all(name in text for name in expected)
    assert sum(expected.values()) == 0


@pytest.mark.parametrize("form", PROGRAMS)
def test_the_program_reads_it_and_agrees_with_every_balance(app: Flask, tmp_path: Path, form: str) -> None:
    if shutil.which(PROGRAMS[form][0]) is None:
        pytest.skip(f"{PROGRAMS[form][0]} is not installed (apt-get install hledger beancount)")
    path = tmp_path / f"book.{form}"
    text, expected = written(app, form, path)
    assert subprocess.run([*PROGRAMS[form], str(path)], capture_output=True, check=False).returncode == 0
    name, amount = next((name, amount) for name, amount in expected.items() if amount)
    wrong = spoiled(text, name, amount)
    path.write_text(wrong, encoding="utf-8")
    assert subprocess.run([*PROGRAMS[form], str(path)], capture_output=True, check=False).returncode != 0


def spoiled(text: str, name: str, amount: int) -> str:
    """The same file with one asserted balance a đồng off: a program that did check must now refuse it."""
    lines = text.splitlines()
    place = max(
        number for number, line in enumerate(lines) if name in line and ("=" in line or " balance " in line)
    )
    lines[place] = lines[place].replace(f"{amount} VND", f"{amount + 1} VND")
    return "\n".join(lines) + "\n"


def test_hledgers_own_report_gives_our_balances(app: Flask, tmp_path: Path) -> None:
    if shutil.which("hledger") is None:
        pytest.skip("hledger is not installed (apt-get install hledger)")
    path = tmp_path / "book.journal"
    _text, expected = written(app, "hledger", path)
    report = subprocess.run(
        ["hledger", "-f", str(path), "balance", "--flat", "--empty", "--no-total", "-O", "csv"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    rows = [line.replace('"', "").split(",") for line in report.splitlines()[1:]]
    assert {name: int(amount.split()[0]) for name, amount in rows} == expected


def test_an_organisation_without_a_book_is_named(app: Flask, tmp_path: Path) -> None:
    made = app.test_cli_runner().invoke(
        revenue, ["export", "--format", "hledger", "--organisation", "999", "-o", str(tmp_path / "x")]
    )
    assert made.exit_code == 1
    assert "organisation 999 has no ledger" in made.output


def test_account_names_are_accepted_words() -> None:
    assert account_name(AccountKind.BANK, "") == "Assets:Bank"
    assert (
        account_name(AccountKind.PRODUCER_PAYABLE, "producer:12") == "Liabilities:ProducerPayable:Producer-12"
    )


@pytest.mark.parametrize("form", PROGRAMS)
def test_every_book_stands_in_one_file_without_an_organisation(app: Flask, tmp_path: Path, form: str) -> None:
    with app.app_context():
        orgs = [book(app).org, a_world(advances=(7_000,)).org]
    made = app.test_cli_runner().invoke(revenue, ["export", "--format", form])
    assert made.exit_code == 0, made.output
    assert all(f":Book-{org}:Cash" in made.output for org in orgs)
    if shutil.which(PROGRAMS[form][0]) is None:
        pytest.skip(f"{PROGRAMS[form][0]} is not installed (apt-get install hledger beancount)")
    path = tmp_path / f"books.{form}"
    path.write_text(made.output, encoding="utf-8")
    assert subprocess.run([*PROGRAMS[form], str(path)], capture_output=True, check=False).returncode == 0


def test_the_workbook_holds_every_line_and_no_formula(app: Flask, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "book.xlsx"
    with app.app_context():
        org = book(app).org
        expected = balances(org)
    asked = ["export", "--format", "xlsx", "--organisation", str(org), "-o", str(path)]
    assert app.test_cli_runner().invoke(revenue, asked).exit_code == 0
    journal, rest = load_workbook(path).worksheets
    rows = [[cell.value for cell in row] for row in journal.iter_rows(min_row=2)]
    assert sum(row[7] or 0 for row in rows) == sum(row[8] or 0 for row in rows) > 0
    left = [(row[3].value or 0) - (row[4].value or 0) for row in rest.iter_rows(min_row=2)]
    assert sorted(amount for amount in left if amount) == sorted(a for a in expected.values() if a)
    assert all(cell.data_type != "f" for row in journal.iter_rows() for cell in row)


def kept(org: int) -> dict[tuple[str, str], int]:
    """The đồng that went in and out under each rule and deal, by our own book: (rule, deal) → sum of the debits."""
    asked = (
        select(Posting.rule, Posting.deal, func.sum(Posting.amount_vnd))
        .join(Entry, Entry.id == Posting.entry_id).join(Ledger, Ledger.id == Entry.ledger_id)
        .where(Ledger.organisation_id == org, Posting.rule != "", Posting.deal != "")
        .group_by(Posting.rule, Posting.deal)
    )  # fmt: skip
    return {(rule, deal): int(total) for rule, deal, total in db.session.execute(asked) if total}


def exported(app: Flask, form: str, path: Path) -> dict[tuple[str, str], int]:
    """A book with its rules and deals is written; what its own book says of them."""
    with app.app_context():
        org = book(app).org
        said = kept(org)
    asked = ["export", "--format", form, "--organisation", str(org), "-o", str(path)]
    assert app.test_cli_runner().invoke(revenue, asked).exit_code == 0
    assert len(said) >= 2
    return said


def test_hledger_finds_each_postings_rule_and_deal(app: Flask, tmp_path: Path) -> None:
    if shutil.which("hledger") is None:
        pytest.skip("hledger is not installed (apt-get install hledger)")
    path = tmp_path / "book.journal"
    for (rule, deal), total in exported(app, "hledger", path).items():
        report = subprocess.run(
            ["hledger", "-f", str(path), "balance", f"tag:^rule$=^{rule}$", f"tag:^deal$=^{deal}$", "-O", "csv",
             "--layout", "bare"], capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        sums = [line.replace('"', "").split(",") for line in report.splitlines()]
        assert int(sums[-1][-1]) == total, (rule, deal)


def test_beancount_carries_each_postings_rule_and_deal(app: Flask, tmp_path: Path) -> None:
    path = tmp_path / "book.beancount"
    said = exported(app, "beancount", path)
    found: dict[tuple[str, str], int] = {}
    posting = re.compile(r'^  \S+  (-?\d+) VND\n    rule: "(.*)"\n    deal: "(.*)"$', re.M)
    for amount, rule, deal in posting.findall(path.read_text(encoding="utf-8")):
        found[rule, deal] = found.get((rule, deal), 0) + int(amount)
    assert {pair: total for pair, total in found.items() if total} == said


def test_the_workbook_carries_each_postings_rule_and_deal(app: Flask, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    path = tmp_path / "book.xlsx"
    said = exported(app, "xlsx", path)
    found: dict[tuple[str, str], int] = {}
    for row in load_workbook(path).worksheets[0].iter_rows(min_row=2, values_only=True):
        if row[9] and row[10]:
            pair = (str(row[9]), str(row[10]))
            found[pair] = found.get(pair, 0) + int(row[7] or 0) - int(row[8] or 0)
    assert {pair: total for pair, total in found.items() if total} == said


def test_a_word_with_signs_of_the_programs_breaks_no_line() -> None:
    part = Part(AccountKind.BANK, "", 5, 'a"b;c,d', "x|y")
    row = Row(date(2026, 11, 22), 1, "sale", "", "0" * 64, (part, Part(AccountKind.CAPITAL, "", -5)))
    assert "    Assets:Bank  5 VND  ; rule:a b c d, deal:x y" in list(hledger([row], {}, "Sổ"))
    assert '    rule: "a b c d"' in list(beancount([row], {}, "Sổ"))
