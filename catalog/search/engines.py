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
    """What a search engine must do."""

    def matches(self, query: Query, *, all_words: bool = True) -> ColumnElement[bool]:
        """A condition on `product`: it holds all (or any) of the query's words, marks aside."""

    def order(self, query: Query) -> Order:
        """Best first: the exact phrase with its marks, then the phrase in the name, then all words in the name."""

    def write(self, product_id: int, name: str, body: str, folded: tuple[str, str], seller: str) -> list[sa.Executable]:
        """The statements that put a product's words in; name and body are tokens, `folded` the same without marks."""

    def remove(self, product_id: int) -> sa.Executable:
        """The statement that takes a product out."""

    def rows(self) -> sa.FromClause:
        """The indexed products, as columns product_id and seller."""


def _quoted(words: Sequence[str], joint: str) -> str:
    return joint.join('"' + word.replace('"', '""') + '"' for word in words)


class Fts5:
    """SQLite's FTS5; its rowid is the product's id."""

    _rows = table(TABLE, column("rowid"), column("name"), column("name_folded"), column("body"),
                  column("body_folded"), column("seller"))  # fmt: skip
    _whole = literal_column(TABLE)

    def _ids(self, expression: str) -> ColumnElement[bool]:
        found = sa.select(self._rows.c.rowid).where(self._whole.op("MATCH")(bindparam(None, expression)))
        return Product.id.in_(found)

    def matches(self, query: Query, *, all_words: bool = True) -> ColumnElement[bool]:
        return self._ids("{name_folded body_folded} : (" + _quoted(query.folded, " AND " if all_words else " OR ") + ")")

    def order(self, query: Query) -> Order:
        keys = []
        if query.marked:
            keys += [self._ids("{name} : " + _phrase(query.exact)), self._ids("{name body} : " + _phrase(query.exact))]
        keys.append(self._ids("{name_folded} : " + _phrase(query.folded)))
        keys.append(self._ids("{name_folded} : (" + _quoted(query.folded, " AND ") + ")"))
        keys.append(self._ids("{body_folded} : " + _phrase(query.folded)))
        return [sa.desc(key) for key in keys]

    def write(self, product_id: int, name: str, body: str, folded: tuple[str, str], seller: str) -> list[sa.Executable]:
        values = {"rowid": product_id, "name": name, "name_folded": folded[0], "body": body, "body_folded": folded[1],
                  "seller": seller}  # fmt: skip
        return [self.remove(product_id), sa.insert(self._rows).values(**values)]

    def remove(self, product_id: int) -> sa.Executable:
        return sa.delete(self._rows).where(self._rows.c.rowid == product_id)

    def rows(self) -> sa.FromClause:
        return sa.select(self._rows.c.rowid.label("product_id"), self._rows.c.seller).subquery()


def _phrase(words: Sequence[str]) -> str:
    return '"' + " ".join(word.replace('"', '""') for word in words) + '"'


class Tsvectors:
    """PostgreSQL's full text without extensions: one tsvector with marks, one without; names weigh A, the rest B."""

    _rows = table(TABLE, column("product_id"), column("seller"), column("exact"), column("folded"))

    def _ids(self, vector: str, expression: str) -> ColumnElement[bool]:
        wanted = func.to_tsquery(literal_column("'simple'"), bindparam(None, expression))
        return Product.id.in_(sa.select(self._rows.c.product_id).where(self._rows.c[vector].op("@@")(wanted)))

    @staticmethod
    def _terms(words: Sequence[str], joint: str, weight: str = "") -> str:
        return joint.join("'" + word.replace("\\", "").replace("'", "''") + "'" + weight for word in words)

    def matches(self, query: Query, *, all_words: bool = True) -> ColumnElement[bool]:
        return self._ids("folded", self._terms(query.folded, " & " if all_words else " | "))

    def order(self, query: Query) -> Order:
        keys = []
        if query.marked:
            keys += [self._ids("exact", self._terms(query.exact, " <-> ", ":A")),
                     self._ids("exact", self._terms(query.exact, " <-> "))]  # fmt: skip
        keys.append(self._ids("folded", self._terms(query.folded, " <-> ", ":A")))
        keys.append(self._ids("folded", self._terms(query.folded, " & ", ":A")))
        keys.append(self._ids("folded", self._terms(query.folded, " <-> ", ":B")))
        return [sa.desc(key) for key in keys]

    def write(self, product_id: int, name: str, body: str, folded: tuple[str, str], seller: str) -> list[sa.Executable]:
        def vector(first: str, second: str) -> ColumnElement[Any]:
            one, two = (func.to_tsvector(literal_column("'simple'"), text) for text in (first, second))
            return func.setweight(one, literal_column("'A'")).op("||")(func.setweight(two, literal_column("'B'")))

        values = {"product_id": product_id, "seller": seller, "exact": vector(name, body), "folded": vector(*folded)}
        return [self.remove(product_id), sa.insert(self._rows).values(**values)]

    def remove(self, product_id: int) -> sa.Executable:
        return sa.delete(self._rows).where(self._rows.c.product_id == product_id)

    def rows(self) -> sa.FromClause:
        return sa.select(self._rows.c.product_id, self._rows.c.seller).subquery()


_FTS5, _TSVECTORS = Fts5(), Tsvectors()


def engine(dialect: str) -> Engine:
    """The engine of a database."""
    return _FTS5 if dialect == "sqlite" else _TSVECTORS
