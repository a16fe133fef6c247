"""The contract says what was agreed, in both languages, and a later setting changes nothing in it."""

import re

import pypdfium2
import pytest

from core.db import db
from core.limits import LIMITS
from orders import queries as orders
from orders.contracts.queries import pdf
from orders.contracts.wordings import NOW, agreed, agreed_now, wording
from orders.rules import REPORT_DAYS
from tests.factories import catalog, cooperatives, payments, traceability


@pytest.fixture
def token(app):
    """The link of an order of two packs."""
    with app.app_context():
        coop = cooperatives.create_cooperative("HTX Ta")
        product = catalog.create_product(coop, "Miến dong", 65_000)
        traceability.create_lot(coop, product.packs[0], 9)
        found = payments.place_order([(product.packs[0], 2)], method="cod")[0].token
        db.session.remove()
    return found


def words_of(data):
    document = pypdfium2.PdfDocument(data)
    try:
        texts = []
        for number in range(len(document)):
            page = document[number]
            reading = page.get_textpage()
            texts.append(reading.get_text_range())
            reading.close()
            page.close()
        return " ".join(" ".join(texts).split())
    finally:
        document.close()


def test_the_file_holds_seller_buyer_goods_sums_and_clauses_in_both_languages(client, token):
    answer = client.get(f"/orders/{token}/contract.pdf")
    assert answer.mimetype == "application/pdf" and answer.data.startswith(b"%PDF")
    words = words_of(answer.data).replace("\u00a0", " ")
    for expected in (
        "Hợp đồng mua hàng CP", "HTX Ta", "Đỗ Minh Mẫu", "2 × Miến dong, Gói 500 g", "130.000 đ", "130,000 đ",
        "báo trong 14 ngày", "within 14 days", "Dữ liệu minh hoạ", "Người bán", "Seller",
    ):  # fmt: skip
        assert expected in words, expected


def test_the_file_is_named_by_the_code_alone_and_kept_from_search_engines(client, token):
    answer = client.get(f"/orders/{token}/contract.pdf")
    name = answer.headers["Content-Disposition"]
    assert re.fullmatch(r'attachment; filename="CP[0-9A-Z]{6}\.pdf"', name)
    assert answer.headers["X-Robots-Tag"] == "noindex" and "no-store" in answer.headers["Cache-Control"]


def test_the_same_order_gives_the_same_bytes(app, token):
    with app.app_context():
        order = orders.order_by_token(token)
        assert pdf(order) == pdf(order)


def test_a_later_setting_changes_no_contract(app, client, token):
    before = app.config["LIMITS"]
    app.config["LIMITS"] = before | {"return_days": 30, "order_years": 10}
    try:
        assert "báo trong 14 ngày" in client.get(f"/orders/{token}/contract").text
        with app.app_context():
            assert agreed_now() == f"{NOW}?return_days=30&answer_days=3&order_years=10"
    finally:
        app.config["LIMITS"] = before


def test_what_was_stored_reads_back(app):
    with app.app_context():
        found = agreed(agreed_now())
    assert found.wording.version == NOW and found.limits["return_days"] == "14"


def test_both_languages_have_the_same_clauses_and_places():
    found = wording(NOW)
    places = [
        sorted(re.findall(r"\{\w+\}", "".join(text for _title, text in one))) for one in (found.vi, found.en)
    ]
    assert len(found.vi) == len(found.en) and places[0] == places[1]


def test_the_page_lets_a_problem_be_reported_as_long_as_the_contract_promises():
    assert LIMITS["return_days"].default == REPORT_DAYS
