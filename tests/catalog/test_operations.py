from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from accounts.rules import Role
from catalog import operations, queries
from catalog.availability import operations as availability
from catalog.certificates.operations import add_certificate
from catalog.history.queries import price_history
from catalog.models import Pack, PriceChange, Product
from catalog.operations import Draft
from catalog.rules import CertificateKind, State, check_digit
from cooperatives.models import Cooperative
from core import clock
from core.db import db, transaction
from core.errors import Conflict, FormErrors, Invalid, NotAllowed, NotFound
from tests.conftest import NOW
from tests.factories.accounts import actor_for
from tests.factories.catalog import STORY, create_product
from tests.factories.cooperatives import create_cooperative, manager_of

pytestmark = pytest.mark.usefixtures("ctx")


@pytest.fixture
def coop(ctx):
    return create_cooperative()


@pytest.fixture
def manager(coop):
    return manager_of(coop)


def save(actor, coop, key="phone-key-1", **draft):
    with transaction():
        return operations.save_draft(actor, coop.id, key, Draft(**draft)).id


def count(model):
    return db.session.execute(select(func.count()).select_from(model)).scalar_one()


def test_an_empty_draft_can_be_saved_and_a_double_tap_makes_one_product(coop, manager):
    first, second = save(manager, coop), save(manager, coop, name="Miến dong")
    assert first == second and count(Product) == 1
    assert queries.product(first).slug == "mien-dong"


def test_two_products_of_one_name_have_two_addresses(coop, manager):
    slugs = [
        queries.product(save(manager, coop, f"key-number-{n}", name="Tinh dầu quế")).slug for n in range(3)
    ]
    assert slugs == ["tinh-dau-que", "tinh-dau-que-2", "tinh-dau-que-3"]


def test_a_published_product_keeps_its_address_when_renamed(coop, manager):
    product = create_product(coop)
    with transaction():
        operations.save_draft(manager, coop.id, product.key, _draft_of(product, name="Miến dong mới"))
    assert queries.product(product.id).slug == "mien-dong"


def _draft_of(product, **changes):
    return Draft(**({name: getattr(product, name) for name in Draft.__dataclass_fields__} | changes))


def test_another_cooperatives_product_does_not_exist_for_a_manager(coop, manager):
    other = create_product(create_cooperative("HTX Khác"))
    for verb in (operations.publish, operations.withdraw):
        with pytest.raises(NotFound), transaction():
            verb(manager, other.id)
    with pytest.raises(NotFound), transaction():
        operations.set_price(manager, other.packs[0].id, 1_000)
    with pytest.raises(NotFound), transaction():
        operations.save_draft(manager, coop.id, other.key, Draft(name="Chiếm"))


def test_only_managers_write(coop):
    with pytest.raises(NotAllowed), transaction():
        operations.save_draft(actor_for(Role.TREASURER, coop.organisation_id), coop.id, "some-key-1", Draft())


def test_publishing_lists_everything_that_is_missing_and_changes_nothing(coop, manager):
    product_id = save(manager, coop, name="Miến")
    with pytest.raises(FormErrors) as refused, transaction():
        operations.publish(manager, product_id)
    assert {one.field for one in refused.value.errors} == {
        "photos",
        "category_id",
        "story",
        "origin",
        "packs",
    }
    assert queries.product(product_id).state == State.DRAFT


def test_publishing_and_withdrawing_twice_are_harmless(coop, manager):
    product = create_product(coop)
    for verb, state in (
        (operations.publish, "published"),
        (operations.withdraw, "withdrawn"),
        (operations.withdraw, "withdrawn"),
        (operations.publish, "published"),
    ):
        with transaction():
            verb(manager, product.id)
        assert queries.product(product.id).state == state


def test_the_first_publication_instant_stays(coop, manager):
    product = create_product(coop)
    with clock.use(NOW + timedelta(days=3)), transaction():
        operations.withdraw(manager, product.id)
        operations.publish(manager, product.id)
    assert queries.product(product.id).published_at == NOW


def test_a_promise_of_a_cure_waits_for_a_person_who_may_let_it_pass(coop, manager):
    product = create_product(coop, story=STORY + " Chữa bệnh dạ dày.", published=False)
    with transaction():
        operations.publish(manager, product.id)
    assert (queries.product(product.id).state, queries.product(product.id).review_note) == ("held", "chữa")
    assert [row.id for row in queries.held()] == [product.id]
    with transaction():
        operations.approve_held(actor_for(Role.ADMINISTRATOR), product.id)
    assert (
        queries.product(product.id).state == "published" and queries.product(product.id).published_at == NOW
    )


def test_a_held_product_is_sent_back_with_a_reason_or_mended_by_its_manager(coop, manager):
    product = create_product(coop, story=STORY + " Điều trị ho.", published=False)
    administrator = actor_for(Role.ADMINISTRATOR)
    with transaction():
        operations.publish(manager, product.id)
    with pytest.raises(Invalid), transaction():
        operations.reject_held(administrator, product.id, " ")
    with transaction():
        operations.reject_held(administrator, product.id, "Bỏ chữ “điều trị”.")
    assert queries.product(product.id).state == "draft"
    with transaction():
        operations.save_draft(
            manager, coop.id, product.key, _draft_of(queries.product(product.id), story=STORY)
        )
        operations.publish(manager, product.id)
    assert queries.product(product.id).state == "published"


def test_a_manager_cannot_let_her_own_words_pass(coop, manager):
    product = create_product(coop, story=STORY + " Đặc trị.", published=False)
    with transaction():
        operations.publish(manager, product.id)
    with pytest.raises(NotAllowed), transaction():
        operations.approve_held(manager, product.id)


def test_a_published_product_must_stay_complete(coop, manager):
    product = create_product(coop)
    with pytest.raises(FormErrors) as refused, transaction():
        operations.save_draft(manager, coop.id, product.key, _draft_of(product, story="", storage=""))
    assert [one.field for one in refused.value.errors] == ["story", "storage"]
    assert queries.product(product.id).story == STORY


def test_new_words_of_a_cure_take_a_published_product_off_the_shelf(coop, manager):
    product = create_product(coop)
    with transaction():
        operations.save_draft(manager, coop.id, product.key, _draft_of(product, usage="Chữa cảm"))
    assert queries.product(product.id).state == "held"


def test_numbers_of_the_platform_are_distinct_across_cooperatives(coop):
    packs = [create_product(one).packs[0] for one in (coop, create_cooperative("HTX Khác"))]
    assert [pack.gtin for pack in packs] == ["02000000000015", "02000000000022"]
    assert {pack.gtin_kind for pack in packs} == {"restricted"}


def _own(coop, prefix="893123456"):
    with transaction():
        db.session.get_one(Cooperative, coop.id).gs1_prefix = prefix


def test_an_own_number_is_taken_once(coop, manager):
    _own(coop)
    number = "893123456001" + str(check_digit("893123456001"))
    product = create_product(coop)
    with transaction():
        pack = operations.add_pack(
            manager, product.id, label="Túi", net_quantity=1000, net_unit="g", price_vnd=90_000, gtin=number
        )
        assert (pack.gtin, pack.gtin_kind) == (f"0{number}", "own")
    with pytest.raises(Invalid, match="đã dùng"), transaction():
        operations.add_pack(
            manager, product.id, label="Hộp", net_quantity=2000, net_unit="g", price_vnd=90_000, gtin=number
        )


def test_a_number_is_not_changed_under_packs_in_stock(coop, manager):
    _own(coop)
    product = create_product(coop, available=3)
    with pytest.raises(Conflict), transaction():
        operations.set_gtin(manager, product.packs[0].id, "893123456001" + str(check_digit("893123456001")))


@pytest.mark.parametrize("price", [0, -5, 10**12])
def test_impossible_prices_are_refused(coop, manager, price):
    product = create_product(coop)
    with pytest.raises(Invalid), transaction():
        operations.set_price(manager, product.packs[0].id, price)


def test_each_price_is_remembered_once(coop, manager):
    pack_id = create_product(coop, price_vnd=65_000).packs[0].id
    for price in (70_000, 70_000, 68_000):
        with transaction():
            operations.set_price(manager, pack_id, price)
    assert [one.price_vnd for one in price_history(pack_id)] == [68_000, 70_000, 65_000]


def test_price_changes_cannot_be_rewritten(coop):
    create_product(coop)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(PriceChange.__table__.update().values(price_vnd=1))


def test_the_same_pack_twice_is_one_pack(coop, manager):
    product = create_product(coop)
    for price in (60_000, 61_000):
        with transaction():
            operations.add_pack(
                manager, product.id, label="Gói 500 g", net_quantity=500, net_unit="g", price_vnd=price
            )
    assert count(Pack) == 1 and queries.pack_fact(product.packs[0].id).price_vnd == 61_000


@pytest.mark.parametrize(("quantity", "unit"), [(0, "g"), (-1, "g"), (2_000_000, "g"), (5, "lít")])
def test_impossible_quantities_are_refused(coop, manager, quantity, unit):
    product = create_product(coop)
    with pytest.raises(Invalid), transaction():
        operations.add_pack(
            manager, product.id, label="x", net_quantity=quantity, net_unit=unit, price_vnd=1_000
        )


def test_the_first_active_pack_leads_and_the_last_cannot_be_retired_while_on_sale(coop, manager):
    product = create_product(coop)
    with transaction():
        second = operations.add_pack(
            manager, product.id, label="Túi 1 kg", net_quantity=1000, net_unit="g", price_vnd=90_000
        ).id
        operations.retire_pack(manager, product.packs[0].id)
    assert db.session.get_one(Pack, second).lead and not db.session.get_one(Pack, product.packs[0].id).lead
    with pytest.raises(FormErrors), transaction():
        operations.retire_pack(manager, second)


def test_available_holds_until_its_day(coop):
    pack_id = create_product(coop).packs[0].id
    with transaction():
        availability.set_available(pack_id, 7, date(2026, 11, 25))
    fact = queries.pack_facts([pack_id, 999])[pack_id]
    assert (fact.available_on(date(2026, 11, 25)), fact.available_on(date(2026, 11, 26))) == (7, 0)


def test_packs_are_on_sale_only_while_their_product_is_shown(coop, manager):
    product = create_product(coop)
    assert queries.pack_fact(product.packs[0].id).on_sale
    with transaction():
        operations.withdraw(manager, product.id)
    assert not queries.pack_fact(product.packs[0].id).on_sale
    with pytest.raises(NotFound):
        queries.pack_fact(10**9)


def test_a_pack_is_found_by_its_number(coop):
    pack = create_product(coop).packs[0]
    assert (
        queries.pack_by_gtin(pack.gtin).pack_id == pack.id and queries.pack_by_gtin("00000000000000") is None
    )


def test_emoji_nfd_direction_marks_and_html_in_names(coop, manager):
    product_id = save(manager, coop, name="Tinh dâ\u0300u \u202equế 🌿 <b>x</b>")
    assert queries.product(product_id).name == "Tinh dầu quế 🌿 <b>x</b>"


def test_a_story_of_fifty_thousand_characters_is_refused_whole(coop, manager):
    with pytest.raises(FormErrors) as refused:
        save(manager, coop, story="a" * 50_000)
    assert refused.value.errors[0].field == "story" and count(Product) == 0


def test_certificates_hold_between_their_days(coop, manager):
    with transaction():
        for number, ends in (("1", date(2025, 1, 1)), ("2", date(2027, 1, 1)), ("3", None)):
            add_certificate(manager, coop.id, kind=CertificateKind.OCOP, number=number, issuer="UBND tỉnh",
                                       valid_from=date(2024, 1, 1), valid_to=ends)  # fmt: skip
    found = {one.number: one.valid for one in queries.certificates(coop.id, date(2026, 11, 22))}
    assert found == {"1": False, "2": True, "3": True}
    assert [row.number for row in queries.certificates_ending(date(2027, 2, 1))] == ["1", "2"]


def test_a_certificate_does_not_end_before_it_begins_and_is_entered_once(coop, manager):
    facts = {"kind": CertificateKind.OCOP, "number": "9", "issuer": "UBND", "valid_from": date(2026, 1, 1)}
    with pytest.raises(Invalid), transaction():
        add_certificate(manager, coop.id, **facts, valid_to=date(2025, 1, 1))
    for ends in (date(2027, 1, 1), date(2028, 1, 1)):
        with transaction():
            add_certificate(manager, coop.id, **facts, valid_to=ends)
    assert [one.valid_to for one in queries.certificates(coop.id, date(2026, 11, 22))] == [date(2028, 1, 1)]


def test_ratings_come_from_above(coop):
    product = create_product(coop)
    with transaction():
        operations.set_rating(product.id, 14, 3)
    assert (queries.product(product.id).rating_sum, queries.product(product.id).version > 1) == (14, True)


def test_the_database_refuses_a_price_of_nothing(coop):
    pack = create_product(coop).packs[0]
    with pytest.raises(IntegrityError), transaction():
        db.session.get_one(Pack, pack.id).price_vnd = 0


def test_every_act_leaves_an_audit_line(coop, manager):
    from core.audit import verify

    save(manager, coop)
    assert verify(manager.chain) is None
