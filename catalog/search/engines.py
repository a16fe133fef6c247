"""The two engines behind one small interface: which products hold these terms and tokens, newest first."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy import ColumnElement, bindparam, column, func, literal_column, table

from catalog.search import NEXT, TABLE, ddl, drop_ddl
from catalog.search.facets import MARK
from catalog.search.synonyms import Phrase, Term
from catalog.search.tokens import in_name, token_of

Tokens = Sequence[Sequence[str]]  # of each group a product has one
AGE, SPAN_BITS = f"{MARK}a", 13
SPAN = 1 << SPAN_BITS  # so many ids have one token of age


class Engine(Protocol):
    """What a search engine must do. The condition holds one named parameter, `match`: built once, used often."""

    def matching(self) -> sa.Subquery:
        """The products that fit parameter `match`, as column product_id."""

    def recent(self, spans: int) -> sa.Subquery | None:
        """The same among the newest `spans` times SPAN products; nothing in a shop that has no more than these. None
        where the engine finds the newest without finding all.
        """

    def match(self, terms: Sequence[Term], tokens: Tokens, *, names: bool = False) -> str:
        """The value of `match`: all terms, each in one of its words, and of each group of tokens one.

        names: the terms must stand in the product's name.
        """

    def any_of(self, choices: Iterable[Sequence[Term]], tokens: Tokens) -> str:
        """The value of `match` for products that hold all terms of one choice at least."""

    def write(self, rows: Sequence[Mapping[str, Any]], into: str = TABLE) -> tuple[sa.Executable, list[Any]]:
        """The statement that puts products in, and its rows: product_id, name, about, body and facets."""

    def remove(self, product_ids: Sequence[int], out_of: str = TABLE) -> sa.Executable:
        """The statement that takes products out."""

    def joined(self, texts: ColumnElement[str], between: str = "") -> ColumnElement[str]:
        """The aggregate of texts, in the order in which they come."""

    def close_to_writers(self) -> list[str]:
        """Statements that let no writer in until the transaction ends."""

    def swap(self) -> list[str]:
        """The statements that put the table built beside in the place of the one in use."""

    def tidy(self) -> str | None:
        """A statement that makes a freshly written table quicker to read, a slice at a time."""

    def statistics(self) -> list[str]:
        """Statements that tell the planner how large things are; without them it guesses, and cards of twenty products
        are looked for among all."""


def _any(parts: Sequence[str], joint: str) -> str:
    return parts[0] if len(parts) == 1 else f"({joint.join(parts)})"


def _all(phrase: Phrase, names: bool, quote: str, joint: str) -> str:
    """A phrase as its token; one that the index does not know as all its words."""
    known = token_of(phrase)
    tokens = phrase if known is None else (known,)
    return _any([f"{quote}{in_name(one) if names else one}{quote}" for one in tokens], joint)


class Fts5:
    """SQLite's FTS5; its rowid is the product's id."""

    def _table(self, name: str) -> sa.TableClause:
        return table(name, *(column(one) for one in ("rowid", "name", "about", "body", "facets")))

    def matching(self) -> sa.Subquery:
        words: ColumnElement[Any] = literal_column(TABLE)
        found = self._table(TABLE)
        fits = words.op("MATCH")(bindparam("match", type_=sa.String))
        return sa.select(found.c.rowid.label("product_id")).where(fits).subquery("found")

    def recent(self, spans: int) -> sa.Subquery | None:
        return None  # it walks from the newest on

    def match(self, terms: Sequence[Term], tokens: Tokens, *, names: bool = False) -> str:
        asked = [_any([_all(phrase, names, '"', " AND ") for phrase in term], " OR ") for term in terms]
        return " AND ".join([*asked, *self._tokens(tokens)])

    def any_of(self, choices: Iterable[Sequence[Term]], tokens: Tokens) -> str:
        whole = " OR ".join(f"({self.match(terms, ())})" for terms in choices)
        return " AND ".join([f"({whole})", *self._tokens(tokens)])

    def _tokens(self, tokens: Tokens) -> list[str]:
        return [_any([f'"{one}"' for one in group], " OR ") for group in tokens]

    def write(self, rows: Sequence[Mapping[str, Any]], into: str = TABLE) -> tuple[sa.Executable, list[Any]]:
        values = [
            {name: row[name] for name in ("name", "about", "body", "facets")} | {"rowid": row["product_id"]}
            for row in rows
        ]
        return sa.insert(self._table(into)), values

    def remove(self, product_ids: Sequence[int], out_of: str = TABLE) -> sa.Executable:
        found = self._table(out_of)
        return sa.delete(found).where(found.c.rowid.in_(product_ids))

    def joined(self, texts: ColumnElement[str], between: str = "") -> ColumnElement[str]:
        return func.group_concat(texts, literal_column(f"'{between}'"))

    def close_to_writers(self) -> list[str]:
        return []  # a transaction that writes is alone already

    def swap(self) -> list[str]:
        return [*drop_ddl(TABLE), f"ALTER TABLE {NEXT} RENAME TO {TABLE}"]

    def tidy(self) -> str | None:
        return f"INSERT INTO {NEXT}({NEXT}, rank) VALUES ('merge', 400)"

    def statistics(self) -> list[str]:
        return ["PRAGMA analysis_limit=1000", "ANALYZE"]  # a sample: milliseconds, however large the tables


class Tsvectors:
    """PostgreSQL's full text without extensions, without weights and positions: its index alone knows the answer.

    It knows it of all products at once, oldest first, while lists want the newest. So every SPAN of ids has a token of
    its own; joined with the newest of these a common word is read from there on, without what came before.
    """

    def _table(self, name: str) -> sa.TableClause:
        return table(name, column("product_id"), column("words"))

    def matching(self) -> sa.Subquery:
        return self._fitting(bindparam("match", type_=sa.String))

    def recent(self, spans: int) -> sa.Subquery | None:
        ages = "|".join([f"{AGE}%s"] * spans)
        last = f"max(product_id) >> {SPAN_BITS}"
        numbers = ", ".join(f"({last}) - {back}" for back in range(spans))
        among = f"format(' & ({ages})', {numbers})"
        newest = literal_column(f"(SELECT {among} FROM {TABLE} HAVING {last} >= {spans})", sa.String)
        return self._fitting(bindparam("match", type_=sa.String).concat(newest))

    def _fitting(self, match: ColumnElement[str]) -> sa.Subquery:
        found = self._table(TABLE)
        wanted = func.to_tsquery(literal_column("'simple'"), match)
        ids = sa.select(found.c.product_id).where(found.c.words.op("@@")(wanted))
        # A fence: what the planner thinks of the rest never keeps it from asking the index first.
        return ids.order_by(found.c.product_id.desc()).offset(literal_column("0")).subquery("found")

    def match(self, terms: Sequence[Term], tokens: Tokens, *, names: bool = False) -> str:
        asked = [_any([_all(phrase, names, "'", " & ") for phrase in term], " | ") for term in terms]
        return " & ".join([*asked, *self._tokens(tokens)])

    def any_of(self, choices: Iterable[Sequence[Term]], tokens: Tokens) -> str:
        whole = " | ".join(f"({self.match(terms, ())})" for terms in choices)
        return " & ".join([f"({whole})", *self._tokens(tokens)])

    def _tokens(self, tokens: Tokens) -> list[str]:
        return [_any([f"'{one}'" for one in group], " | ") for group in tokens]

    def write(self, rows: Sequence[Mapping[str, Any]], into: str = TABLE) -> tuple[sa.Executable, list[Any]]:
        names = ("product_id", "name", "about", "body", "facets")
        whole = func.concat_ws(" ", *(bindparam(name, type_=sa.String) for name in names[1:]))
        vector = func.strip(func.to_tsvector(literal_column("'simple'"), whole))
        insert = sa.insert(self._table(into)).values(product_id=bindparam("product_id"), words=vector)
        values = [{name: row[name] for name in names} for row in rows]
        for row in values:
            row["facets"] += f" {AGE}{row['product_id'] >> SPAN_BITS}"
        return insert, values

    def remove(self, product_ids: Sequence[int], out_of: str = TABLE) -> sa.Executable:
        found = self._table(out_of)
        return sa.delete(found).where(found.c.product_id.in_(product_ids))

    def joined(self, texts: ColumnElement[str], between: str = "") -> ColumnElement[str]:
        return func.string_agg(texts, literal_column(f"'{between}'"))

    def close_to_writers(self) -> list[str]:
        return [f"LOCK TABLE {TABLE} IN SHARE ROW EXCLUSIVE MODE"]

    def swap(self) -> list[str]:
        names = ("pk_{}", "ix_{}_words")
        renamed = [f"ALTER INDEX {name.format(NEXT)} RENAME TO {name.format(TABLE)}" for name in names]
        return [*drop_ddl(TABLE), f"ALTER TABLE {NEXT} RENAME TO {TABLE}", *renamed]

    def tidy(self) -> str | None:
        return None

    def statistics(self) -> list[str]:
        return [f"ANALYZE {name}" for name in (TABLE, "search_entry", "product", "pack")]


_FTS5, _TSVECTORS = Fts5(), Tsvectors()


def engine(dialect: str) -> Engine:
    """The engine of a database."""
    return _FTS5 if dialect == "sqlite" else _TSVECTORS


def make(dialect: str, name: str) -> list[str]:
    """The statements that make an empty table of words, whatever stood under its name."""
    return [*drop_ddl(name), *ddl(dialect, name)]


__all__ = ["Engine", "Tokens", "engine", "make"]
