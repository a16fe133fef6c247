"""What a category proposes, and what its label must say."""

import pytest

from catalog.kinds.reference import template, templates
from catalog.kinds.rules import ALLERGENS, ASKED, FACT_FIELDS, known_allergens, stored_allergens
from catalog.measures.rules import read_measure
from catalog.reference import CATEGORIES
from catalog.rules import NOT_MEDICINE, Facts, Kind, hits, missing

SLUGS = [slug for slug, *_rest in CATEGORIES]


def test_every_category_has_a_template_and_every_template_a_category():
    assert set(templates()) == set(SLUGS)
    assert template(None) is None and template("khong-co") is None


@pytest.mark.parametrize("slug", SLUGS)
def test_a_proposal_uses_units_we_read_and_fields_its_label_asks(slug):
    found = template(slug)
    assert found.unit in found.units
    assert read_measure(found.amount, found.unit).quantity > 0
    assert all(read_measure(f"1 {unit}").quantity > 0 for unit in found.units)
    assert set(found.texts) <= set(found.asks) <= set(FACT_FIELDS)
    assert known_allergens(found.allergens)


@pytest.mark.parametrize("slug", SLUGS)
def test_no_proposal_waits_for_a_moderator(slug):
    found = template(slug)
    facts = Facts(kind=found.kind, ingredients=found.ingredients, usage=found.usage, storage=found.storage,
                  warning=found.warning)  # fmt: skip
    assert hits(facts) == []


@pytest.mark.parametrize("kind", list(Kind))
def test_whatever_the_law_makes_a_kind_say_is_a_field_of_its_form(kind):
    asked = {one.anchor for one in missing(Facts(kind=kind))} & set(FACT_FIELDS)
    assert asked <= set(ASKED[kind])


def test_health_food_is_proposed_with_the_sentence_the_law_wants():
    assert NOT_MEDICINE in template("bao-ve-suc-khoe").warning


def test_room_scent_and_body_care_never_propose_to_drink_it():
    assert "Không uống" in template("tinh-dau").warning
    assert "ngoài da" in template("cham-soc").warning


def test_honey_warns_for_the_youngest():
    assert "1 tuổi" in template("mat-ong").warning


def test_fourteen_allergens_and_none_by_itself():
    assert len(ALLERGENS) == 14
    assert stored_allergens(["none", "milk", "gluten"]) == "gluten,milk"
    assert known_allergens("none") and known_allergens("") and known_allergens("gluten,milk")
    assert (
        not known_allergens("none,milk") and not known_allergens("milk,milk") and not known_allergens("cát")
    )
