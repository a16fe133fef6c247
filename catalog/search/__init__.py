"""Finding products as Vietnamese shoppers type: with and without marks, in any word order, in two encodings.

One contract, two engines: an FTS5 table on SQLite, a tsvector on PostgreSQL, both written in the transaction that
changes the product. They hold folded words and tokens (facets, words of the name, known phrases: `tokens`), without
positions; `search_entry` holds what counting and ranking read. The word table lies outside the ORM's metadata, so that
another can be built beside it and swapped; `ddl` makes it. It has no foreign key: dropping one would wait for every
writer of products, and they for it.
"""

TABLE = "product_search"
NEXT = "product_search_next"


def ddl(dialect: str, table: str = TABLE) -> list[str]:
    """The statements that make a table of words. Migrations call this too."""
    if dialect == "sqlite":
        columns = "name, about, body, facets, tokenize = 'unicode61 remove_diacritics 0', detail = none"
        return [f"CREATE VIRTUAL TABLE {table} USING fts5({columns})"]
    # Of each hit a row is read, to know its id, and never the vector: the vector lies in a table of its own (TOAST),
    # which PostgreSQL does for rows above 2 KB alone, so spaces make the row as long, and 30 bytes once compressed.
    # Without statistics of its values the planner never thinks that reading vectors row by row is cheap.
    # A short list of what the index has yet to take in: every search reads it from end to end.
    return [
        f"CREATE TABLE {table} (product_id BIGINT CONSTRAINT pk_{table} PRIMARY KEY, words TSVECTOR NOT NULL,"
        " filler TEXT NOT NULL GENERATED ALWAYS AS (repeat(' ', 2040)) STORED) WITH (toast_tuple_target = 128)",
        f"ALTER TABLE {table} ALTER words SET STORAGE EXTERNAL, ALTER words SET STATISTICS 0,"
        " ALTER filler SET STATISTICS 0",
        f"CREATE INDEX ix_{table}_words ON {table} USING gin (words) WITH (gin_pending_list_limit = 256)",
    ]


def drop_ddl(table: str = TABLE) -> list[str]:
    """The reverse of `ddl`, on both engines."""
    return [f"DROP TABLE IF EXISTS {table}"]
