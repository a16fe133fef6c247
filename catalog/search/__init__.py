"""Finding products as Vietnamese shoppers type: with and without marks, in any word order, in two encodings.

One contract, two engines: an FTS5 table on SQLite, two tsvectors on PostgreSQL. Both hold the words of a product
twice, with marks and folded, tokenised by us. The table lies outside the ORM's metadata; `ddl` makes it.
"""

TABLE = "product_search"


def ddl(dialect: str) -> list[str]:
    """The statements that make the search table. Migrations call this too."""
    if dialect == "sqlite":
        return [
            f"CREATE VIRTUAL TABLE {TABLE} USING fts5(name, name_folded, body, body_folded, seller UNINDEXED, "
            "tokenize = 'unicode61 remove_diacritics 0')"
        ]
    return [
        f"CREATE TABLE {TABLE} (product_id BIGINT CONSTRAINT pk_{TABLE} PRIMARY KEY "
        f"CONSTRAINT fk_{TABLE}_product_id_product REFERENCES product (id), "
        "seller TEXT NOT NULL, exact TSVECTOR NOT NULL, folded TSVECTOR NOT NULL)",
        f"CREATE INDEX ix_{TABLE}_exact ON {TABLE} USING gin (exact)",
        f"CREATE INDEX ix_{TABLE}_folded ON {TABLE} USING gin (folded)",
    ]


def drop_ddl() -> list[str]:
    """The reverse of `ddl`, on both engines."""
    return [f"DROP TABLE IF EXISTS {TABLE}"]
