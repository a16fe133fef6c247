"""Of what the shop keeps, a document gets the fields that it asks for, and no other."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    OperationDefinitionNode,
    SelectionSetNode,
    parse,
)

Fragments = dict[str, FragmentDefinitionNode]


@lru_cache(maxsize=200)
def _parsed(document: str) -> DocumentNode:
    return parse(document)


def selected(document: str, data: Any) -> Any:
    """The answer to a document. KeyError where the shop keeps nothing under a field that is asked for."""
    found = _parsed(document).definitions
    fragments = {one.name.value: one for one in found if isinstance(one, FragmentDefinitionNode)}
    [operation] = (one for one in found if isinstance(one, OperationDefinitionNode))
    return _pick(operation.selection_set, data, fragments)


def _pick(wanted: SelectionSetNode | None, value: Any, fragments: Fragments) -> Any:
    if wanted is None or value is None:
        return value
    if isinstance(value, list):
        return [_pick(wanted, one, fragments) for one in value]
    answer = {}
    for field in _fields(wanted, fragments):
        name = (field.alias or field.name).value
        answer[name] = _pick(field.selection_set, value[name], fragments)
    return answer


def _fields(wanted: SelectionSetNode, fragments: Fragments) -> Iterator[FieldNode]:
    for one in wanted.selections:
        if isinstance(one, FieldNode):
            yield one
        elif isinstance(one, FragmentSpreadNode):
            yield from _fields(fragments[one.name.value].selection_set, fragments)
