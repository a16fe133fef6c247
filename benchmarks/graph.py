"""The graph that the walks are measured over, written by SQL on either engine: past the verbs, whole where they read.

Three slips in ten edges go into batches of ten; every blend takes two lots, one of them from a skewed choice, so that
a few lots are in very many blends; its packs go to about eighteen order lines spread over all orders. Water is in every
batch of slips, so that all of it is in everything. A thousand blends and their sales come last, as if made today.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine

from core.db import Base

# ruff: noqa: E501
AT, DAY = "'2026-11-01 03:00:00.000000'", "'2026-11-01'"
# Between 1 and n - 1, mostly small, and the same on both engines: the cube of a number scattered over the unit.
SCATTERED = "(n * 48271 % 1000003)"
SKEWED = f"{SCATTERED} * {SCATTERED} * {SCATTERED} / 1000003 / 1000003 * (n - 1) / 1000003 + 1"
EMPTY: dict[type, str] = {int: "1", bool: "false", str: "'{column}' || n", datetime: AT, date: DAY}
COUNTED = {
    "sqlite": "WITH RECURSIVE c(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM c WHERE n < {last}) "
    "INSERT INTO {table} ({columns}) SELECT {wanted} FROM c",
    "postgresql": "INSERT INTO {table} ({columns}) "
    "SELECT {wanted} FROM (SELECT g AS n FROM generate_series({first}::bigint, {last}) g) c",
}
HURRY = {
    "sqlite": ("PRAGMA foreign_keys=OFF", "PRAGMA journal_mode=OFF", "PRAGMA synchronous=OFF",
               "PRAGMA ignore_check_constraints=ON", "PRAGMA cache_size=-400000", "PRAGMA temp_store=MEMORY"),
    "postgresql": ("SET maintenance_work_mem = '512MB'", "SET synchronous_commit = off"),
}  # fmt: skip
LATER, LATER_SALES = 1_000, 10_000
SPARE = (("cooperative", 1), ("product", 1), ("pack", 4), ("recipe", 1))
READY = {"sqlite": "ANALYZE", "postgresql": "VACUUM ANALYZE"}


def fill(engine: Engine, edges: int) -> None:
    """Write the graph into empty tables; indexes are made at the end, checks are left out. Raises what the driver does."""
    raw = edges * 3 // 100
    lines = lines_of(edges)
    name = engine.dialect.name
    held = engine.raw_connection()
    base: Any = held.driver_connection
    if name == "postgresql":
        base.autocommit = True
    try:
        for order in HURRY[name]:
            base.execute(order)
        again = _bared(base) if name == "postgresql" else _indexes(base)
        base.execute("BEGIN")
        for table, columns, wanted, first, last in rows(raw, lines):
            columns, wanted = _whole(table, columns, wanted)
            base.execute(
                COUNTED[name].format(table=table, columns=columns, wanted=wanted, first=first, last=last)
            )
        base.execute("COMMIT")
        for order in [*again, READY[name]]:
            base.execute(order)
    finally:
        held.detach()
        base.close()


def lines_of(edges: int) -> int:
    """How many order lines such a graph has, without the last: slips 10, raw lots 1, blended lots 1, inputs of blends 2,
    water 1, for each raw lot; the others are sales.
    """
    return edges - edges * 3 // 100 * 15


def _indexes(base: Any) -> list[str]:
    """Drop SQLite's indexes; what makes them again."""
    found = base.execute(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
    ).fetchall()
    for index, _sql in found:
        base.execute(f"DROP INDEX {index}")
    return [sql for _index, sql in found]


def _bared(base: Any) -> list[str]:
    """Drop PostgreSQL's checks, foreign keys and indexes that are no key; what makes the indexes again."""
    held = "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype IN ('c', 'f') AND conrelid <> 0"
    for table, constraint in base.execute(held).fetchall():
        base.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{constraint}"')
    loose = ("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND NOT EXISTS "
             "(SELECT 1 FROM pg_constraint WHERE conname = indexname)")  # fmt: skip
    found = base.execute(loose).fetchall()
    for index, _sql in found:
        base.execute(f'DROP INDEX "{index}"')
    return [sql for _index, sql in found]


def _whole(table: str, columns: str, wanted: str) -> tuple[str, str]:
    """The columns, and whatever else the table asks for: a 1, its name and number, no, or the day."""
    said = columns.split(", ")
    for column in Base.metadata.tables[table].columns:
        if column.name not in said and not column.nullable and column.name != "id":
            said.append(column.name)
            stored = getattr(
                column.type, "impl", column.type
            )  # a type of our own stores one of the database's
            wanted += ", " + EMPTY[stored.python_type].format(column=column.name)
    return ", ".join(said), wanted


def rows(raw: int, lines: int) -> list[tuple[str, str, str, int, int]]:
    """Table, columns, what stands in them for the number n, the first n, the last."""
    slip = ("id, key, number, cooperative_id, producer_id, household_id, crop_id, gross_g, tare_g, net_g, grade, "
            "price_vnd_per_kg, advance_vnd, weighed_at, weighed_on, recorded_at, confirmed_how")  # fmt: skip
    batch = "id, key, code, cooperative_id, recipe_id, state, made_on, opened_at, closed_at, input_g, output_g, loss_reason, buying, purchase"
    lot = "id, code, cooperative_id, product_id, batch_id, kind, state, made_on, output_g, bulk_g, recall_reason, created_at"
    line = "id, order_id, pack_id, product_name, pack_label, unit_price_vnd, quantity, refunded_quantity, total_vnd, gross_weight_g, bundle_name"
    put = "batch_id, slip_id, lot_id, material_name, weight_g, buying, at"
    order = ("id, code, token, purchase_id, cooperative_id, seller_name, seller_registration, seller_address, state, "
             "method, goods_vnd, discount_vnd, subsidy_vnd, shipping_vnd, total_vnd, weight_g, days_min, days_max, "
             "hold_until, placed_at, carrier, tracking_number")  # fmt: skip
    purchase = "id, token, key, buyer_name, buyer_phone, commune_id, address_line, note, gift_note, language, wording, placed_at"
    orders, blends, all_lines = (lines + LATER_SALES) // 4 + 1, raw + LATER, lines + LATER_SALES
    return [
        *((table, "id", "n", 1, count) for table, count in SPARE),
        ("unit", "id, code, name, folded, kind, level, parent_id, valid_from, source, urban_source", "n, n, 'Mẫu', 'mau', 'Xã', CASE n WHEN 1 THEN 'province' ELSE 'commune' END, CASE n WHEN 1 THEN NULL ELSE 1 END, '2025-07-01', '', ''", 1, 2),
        ("crop", "id, name, name_folded", "n, 'Củ dong', 'cu dong'", 1, 1),
        ("household", "id, key, commune_id, village, address_line, created_at", f"n, 'h' || n, 2, 'Thôn Mẫu', '', {AT}", 1, 2_000),
        ("producer", "id, key, cooperative_id, household_id, code, added_at", f"n, 'p' || n, 1, n, 'p' || n, {AT}", 1, 2_000),
        ("slip", slip, f"n, n, 'PC-' || n, 1, n % 2000 + 1, n % 2000 + 1, 1, 41000, 1000, 40000, '1', 3500, 0, {AT}, {DAY}, {AT}, 'paper'", 1, raw * 10),
        ("batch", batch, f"n, n, 'ME-' || n, 1, 1, 'closed', {DAY}, {AT}, {AT}, 400000, 90000, '', 'consigned', ''", 1, raw + blends),
        ("batch_input", put, f"(n - 1) / 10 + 1, n, NULL, '', 40000, '', {AT}", 1, raw * 10),
        ("batch_input", put, f"n, NULL, NULL, 'nước', 1000, '', {AT}", 1, raw),
        ("batch_input", put, f"{raw} + n, NULL, n, '', 20000, '', {AT}", 1, blends),
        ("batch_input", put, f"{raw} + n, NULL, {SKEWED}, '', 20000, '', {AT}", 2, blends),
        ("lot", lot, f"n, 'L-' || n, 1, 1, n, 'real', 'open', {DAY}, 90000, 0, '', {AT}", 1, raw + blends),
        ("purchase", purchase, f"n, 't' || n, 'k' || n, 'Khách Mẫu', '+84900000000', 2, 'Số 1', '', '', 'vi', '', {AT}", 1, orders),
        ("sale_order", order, f"n, 'CP' || n, 'o' || n, n, 1, 'HTX', '', '', 'delivered', 'cod', 100000, 0, 0, 0, 100000, 500, 1, 3, NULL, {AT}, '', ''", 1, orders),
        ("order_line", line, "n, n / 4 + 1, n % 4 + 1, 'Miến', '500 g', 25000, 1, 0, 25000, 550, ''", 1, all_lines),
        ("allocation", "id, order_line_id, lot_id, quantity, packed, returned_quantity", f"n, n, {raw} + (n * 7919) % {raw} + 1, 1, true, 0", 1, lines),
        ("allocation", "id, order_line_id, lot_id, quantity, packed, returned_quantity", f"n, n, {raw * 2} + n % {LATER} + 1, 1, true, 0", lines + 1, all_lines),
    ]  # fmt: skip
