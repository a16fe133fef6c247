"""Everything we send to a shop, and everything our small shop answers, fits Saleor's own schema.

The schema is not ours to ship: SALEOR_SCHEMA names a copy (saleor/graphql/schema.graphql of github.com/saleor/saleor,
3.24). Without it the two tests are skipped; the documents are still parsed.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from graphql import GraphQLSchema, build_schema, execute_sync, parse, validate

from channels.saleor import documents
from tests.channels_saleor.conftest import kept_shop, running, scene  # noqa: F401 fixtures
from tests.channels_saleor.scene import Scene
from tests.factories.payments import pay, shipped

MAKERS: tuple[Callable[[int], str], ...] = (
    documents.lookup, documents.texts, documents.prices, documents.variants, documents.new_variants, documents.shown,
)  # fmt: skip
FIXED = {name: text for name, text in vars(documents).items() if name.isupper() and isinstance(text, str)}
SENT = FIXED | {one.__name__: one(2) for one in MAKERS} | {"media": documents.media(2, 1)}
SENT = {name: text for name, text in SENT.items() if not name.startswith("_")}


@pytest.fixture(scope="module")
def schema() -> GraphQLSchema:
    """Saleor's schema, as its repository has it."""
    path = os.environ.get("SALEOR_SCHEMA", "")
    if not path:
        pytest.skip("SALEOR_SCHEMA names no copy of Saleor's schema.graphql")
    return build_schema(Path(path).read_text(), assume_valid=True)


@pytest.mark.parametrize("name", sorted(SENT))
def test_every_document_is_graphql(name: str) -> None:
    assert parse(SENT[name]).definitions


def test_every_document_fits_saleors_schema(schema: GraphQLSchema) -> None:
    wrong = {name: [one.message for one in validate(schema, parse(text))] for name, text in SENT.items()}
    assert {name: said for name, said in wrong.items() if said} == {}


def test_what_we_send_and_what_our_server_answers_are_values_of_saleors_types(
    scene: Scene,  # noqa: F811
    schema: GraphQLSchema,
) -> None:
    there = scene.buy(scene.pack, 2, pay=True)
    shipped(scene.ours(there)[0])
    scene.settle()
    pay(scene.ours(scene.buy(scene.pack, 1))[0])
    scene.settle()
    heard = {name for name, *_rest in scene.shop.calls}
    assert {"CpSetup", "CpLookup", "CpCreate", "CpOrderById", "CpFulfil", "CpCharged"} <= heard
    for name, document, given, said in scene.shop.calls:
        found = execute_sync(
            schema, parse(document), root_value=_aliased(document, said), variable_values=given
        )
        assert not found.errors, (name, found.errors)


def _aliased(document: str, said: Any) -> Any:
    """Answers under aliases (r0 …) as a resolver of the field: the first answer stands for each."""
    if "r0" not in said:
        return said
    field = next(
        selection.name.value
        for definition in parse(document).definitions
        for selection in definition.selection_set.selections  # type: ignore[attr-defined]
        if selection.kind == "field"
    )
    return said | {field: said["r0"]}
