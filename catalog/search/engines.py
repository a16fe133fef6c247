"""The two engines behind one small interface: which products match, and how well."""

from collections.abc import Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, column, func, literal_column, table

from catalog.models import Product
from catalog.search import TABLE
from catalog.search.rules import Query

Order = list[ColumnElement[Any]]


class Engine(Protocol):
    """What a search engine must do. Conditions hold named parameters, which `params` fills: built once, used often."""

    def matches(self) -> ColumnElement[bool]:
        """A condition on `product`: it holds the query's words, marks aside."""

    def order(self, *, marked: bool) -> Order:
        """Best first: the exact phrase with its marks (when the query has any), then the phrase in the name, then all
        words in the name, then the phrase elsewhere."""

    def params(self, query: Query, *, all_words: bool) -> dict[str, str]:
        """The parameters of both."""

    def write(
        self, product_id: int, name: str, body: str, folded: tuple[str, str], seller: str
    ) -> list[sa.Executable]:
        """The statements that put a product's words in; name and body are tokens, `folded` the same without marks."""

    def remove(self, product_id: int) -> sa.Executable:
        """The statement that takes a product out."""

    def rows(self) -> sa.FromClause:
        """The indexed products, as columns product_id and seller."""


MARKED, PLAIN = ("exact_name", "exact_any"), ("phrase_name", "words_name", "phrase_any")


class Fts5:
    """SQLite's FTS5; its rowid is the product's id."""

    _rows = table(TABLE, column("rowid"), column("name"), column("name_folded"), column("body"),
                  column("body_folded"), column("seller"))  # fmt: skip
    _whole: ColumnElement[Any] = literal_column(TABLE)

    def _ids(self, name: str) -> ColumnElement[bool]:
        found = sa.select(self._rows.c.rowid).where(self._whole.op("MATCH")(bindparam(name, type_=sa.String)))
        return Product.id.in_(found)

    def matches(self) -> ColumnElement[bool]:
        return self._ids("found")

    def order(self, *, marked: bool) -> Order:
        return [sa.desc(self._ids(name)) for name in (*(MARKED if marked else ()), *PLAIN)]

    def params(self, query: Query, *, all_words: bool) -> dict[str, str]:
        exact, folded = _phrase(query.exact), _phrase(query.folded)
        every = _quoted(query.folded, " AND " if all_words else " OR ")
        return {
            "found": f"{{name_folded body_folded}} : ({every})",
            "exact_name": f"{{name}} : {exact}",
            "exact_any": f"{{name body}} : {exact}",
            "phrase_name": f"{{name_folded}} : {folded}",
            "words_name": "{name_folded} : (" + _quoted(query.folded, " AND ") + ")",
            "phrase_any": f"{{body_folded}} : {folded}",
        }

    def write(
        self, product_id: int, name: str, body: str, folded: tuple[str, str], seller: str
    ) -> list[sa.Executable]:
        values = {"rowid": product_id, "name": name, "name_folded": folded[0], "body": body, "body_folded": folded[1],
                  "seller": seller}  # fmt: skip
        return [self.remove(product_id), sa.insert(self._rows).values(**values)]

    def remove(self, product_id: int) -> sa.Executable:
        return sa.delete(self._rows).where(self._rows.c.rowid == product_id)

    def rows(self) -> sa.FromClause:
        return sa.select(self._rows.c.rowid.label("product_id"), self._rows.c.seller).subquery()


def _quoted(words: Sequence[str], joint: str) -> str:
    return joint.join(f'"{word}"' for word in words)


def _phrase(words: Sequence[str]) -> str:
    return '"' + " ".join(words) + '"'


class Tsvectors:
    """PostgreSQL's full text without extensions: one tsvector with marks, one without; names weigh A, the rest B."""

    _rows = table(TABLE, column("product_id"), column("seller"), column("exact"), column("folded"))

    def _ids(self, name: str) -> ColumnElement[bool]:
        vector = "exact" if name in MARKED else "folded"
        wanted = func.to_tsquery(literal_column("'simple'"), bindparam(name, type_=sa.String))
        return Product.id.in_(sa.select(self._rows.c.product_id).where(self._rows.c[vector].op("@@")(wanted)))

    def matches(self) -> ColumnElement[bool]:
        return self._ids("found")

    def order(self, *, marked: bool) -> Order:
        return [sa.desc(self._ids(name)) for name in (*(MARKED if marked else ()), *PLAIN)]

    def params(self, query: Query, *, all_words: bool) -> dict[str, str]:
        return {
            "found": _terms(query.folded, " & " if all_words else " | "),
            "exact_name": _terms(query.exact, " <-> ", ":A"),
            "exact_any": _terms(query.exact, " <-> "),
            "phrase_name": _terms(query.folded, " <-> ", ":A"),
            "words_name": _terms(query.folded, " & ", ":A"),
            "phrase_any": _terms(query.folded, " <-> ", ":B"),
        }

    def write(
        self, product_id: int, name: str, body: str, folded: tuple[str, str], seller: str
    ) -> list[sa.Executable]:
        def vector(first: str, second: str) -> ColumnElement[Any]:
            one, two = (func.to_tsvector(literal_column("'simple'"), text) for text in (first, second))
            return func.setweight(one, literal_column("'A'")).op("||")(
                func.setweight(two, literal_column("'B'"))
            )

        values = {
            "product_id": product_id,
            "seller": seller,
            "exact": vector(name, body),
            "folded": vector(*folded),
        }
        return [self.remove(product_id), sa.insert(self._rows).values(**values)]

    def remove(self, product_id: int) -> sa.Executable:
        return sa.delete(self._rows).where(self._rows.c.product_id == product_id)

    def rows(self) -> sa.FromClause:
        return sa.select(self._rows.c.product_id, self._rows.c.seller).subquery()


def _terms(words: Sequence[str], joint: str, weight: str = "") -> str:
    return joint.join(f"'{word}'{weight}" for word in words)


_FTS5, _TSVECTORS = Fts5(), Tsvectors()


def engine(dialect: str) -> Engine:
    """The engine of a database."""
    return _FTS5 if dialect == "sqlite" else _TSVECTORS
