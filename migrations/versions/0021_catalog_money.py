"""What money that adds up adds to catalog.

Revision ID: 0021
Revises: 0020
"""

import sqlalchemy as sa
from alembic import op

from migrations.tools import create_search, drop_search

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def _pack():
    with op.batch_alter_table("pack") as table:
        table.add_column(sa.Column('price_per_kg_vnd', sa.BigInteger(), nullable=True, comment='weighed at packing: price_vnd is then what is prepaid, for the top of the band (net_quantity)'))
        table.add_column(sa.Column('piece_min_g', sa.BigInteger(), nullable=True, comment='the lightest piece of the band'))
        table.add_column(sa.Column('piece_word', sa.String(), nullable=True, comment='con, nải, đùi …'))
        table.create_check_constraint(op.f("ck_pack_band_in_grams"), "piece_min_g IS NULL OR (piece_min_g BETWEEN 1 AND net_quantity AND net_unit = 'g')")
        table.create_check_constraint(op.f("ck_pack_by_weight_has_band"), '(price_per_kg_vnd IS NULL) = (piece_min_g IS NULL)')
        table.create_check_constraint(op.f("ck_pack_piece_min_g_whole"), 'piece_min_g = CAST(piece_min_g AS BIGINT)')
        table.create_check_constraint(op.f("ck_pack_prepaid_is_top_of_band"), 'price_per_kg_vnd IS NULL OR price_vnd = price_per_kg_vnd * net_quantity / 1000')
        table.create_check_constraint(op.f("ck_pack_price_per_kg_vnd_whole"), 'price_per_kg_vnd = CAST(price_per_kg_vnd AS BIGINT)')


def _pack_back():
    with op.batch_alter_table("pack") as table:
        table.drop_constraint(op.f("ck_pack_band_in_grams"), type_="check")
        table.drop_constraint(op.f("ck_pack_by_weight_has_band"), type_="check")
        table.drop_constraint(op.f("ck_pack_piece_min_g_whole"), type_="check")
        table.drop_constraint(op.f("ck_pack_prepaid_is_top_of_band"), type_="check")
        table.drop_constraint(op.f("ck_pack_price_per_kg_vnd_whole"), type_="check")
        table.drop_column("price_per_kg_vnd")
        table.drop_column("piece_min_g")
        table.drop_column("piece_word")


def _search_entry():
    with op.batch_alter_table("search_entry") as table:
        table.create_index(op.f("ix_search_entry_counted"), ['product_id', 'facets', 'sellable_until', 'cooperative_id', 'price_vnd'], unique=False)


def _search_entry_back():
    with op.batch_alter_table("search_entry") as table:
        table.drop_index(op.f("ix_search_entry_counted"))


def upgrade():
    _pack()
    _search_entry()
    drop_search()
    create_search()  # of another shape; the worker fills it


def downgrade():
    _search_entry_back()
    _pack_back()
