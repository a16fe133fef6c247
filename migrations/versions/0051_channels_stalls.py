"""What stalls, marketplaces, kept walks, lists of sign-ins and the work in the village add to channels.

Revision ID: 0051
Revises: 0050
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def _market_category():
    op.create_table('market_category',
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site', sa.String(), nullable=False),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.CheckConstraint("site IN ('shopee', 'lazada', 'sendo', 'voso', 'postmart')", name=op.f('ck_market_category_site_known')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_market_category_category_id_category')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_market_category_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('cooperative_id', 'site', 'category_id', name=op.f('pk_market_category'))
    )


def _market_file():
    op.create_table('market_file',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the form: a second tap is the same file'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=False, comment="private, as sent; '' when it was thrown away"),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('rows_file', sa.String(), nullable=False, comment="private: an order file's cells, read once"),
    sa.Column('sheet', sa.String(), nullable=False, comment='which sheet of a template is filled'),
    sa.Column('fingerprint', sa.String(), nullable=False, comment='of its headings: the same template is known again'),
    sa.Column('columns', sa.JSON(), nullable=False, comment='[heading, key, constant] of each column'),
    sa.Column('heading_no', sa.Integer(), nullable=False, comment='the row of the headings'),
    sa.Column('first_no', sa.Integer(), nullable=False, comment='of a template: the first row that we write'),
    sa.Column('row_count', sa.Integer(), nullable=False, comment='orders in the file, or rows that were filled'),
    sa.Column('done_count', sa.Integer(), nullable=False, comment='orders looked at since it was accepted'),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.CheckConstraint("kind IN ('template', 'orders')", name=op.f('ck_market_file_kind_known')),
    sa.CheckConstraint("site IN ('shopee', 'lazada', 'sendo', 'voso', 'postmart')", name=op.f('ck_market_file_site_known')),
    sa.CheckConstraint("state IN ('open', 'accepted', 'done')", name=op.f('ck_market_file_state_known')),
    sa.CheckConstraint('done_count = CAST(done_count AS BIGINT)', name=op.f('ck_market_file_done_count_whole')),
    sa.CheckConstraint('first_no = CAST(first_no AS BIGINT)', name=op.f('ck_market_file_first_no_whole')),
    sa.CheckConstraint('heading_no = CAST(heading_no AS BIGINT)', name=op.f('ck_market_file_heading_no_whole')),
    sa.CheckConstraint('row_count = CAST(row_count AS BIGINT)', name=op.f('ck_market_file_row_count_whole')),
    sa.CheckConstraint('row_count >= 0 AND done_count >= 0', name=op.f('ck_market_file_counts_not_negative')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_market_file_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_market_file_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_file')),
    sa.UniqueConstraint('key', name=op.f('uq_market_file_key'))
    )
    op.create_index(op.f('ix_market_file_cooperative_id'), 'market_file', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_market_file_work_state'), 'market_file', ['work_state'], unique=False)


def _market_layout():
    op.create_table('market_layout',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('fingerprint', sa.String(), nullable=False),
    sa.Column('layout', sa.JSON(), nullable=False, comment='folded heading: [key, constant]'),
    sa.Column('first_no', sa.Integer(), nullable=False),
    sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('template', 'orders')", name=op.f('ck_market_layout_kind_known')),
    sa.CheckConstraint("site IN ('shopee', 'lazada', 'sendo', 'voso', 'postmart')", name=op.f('ck_market_layout_site_known')),
    sa.CheckConstraint('first_no = CAST(first_no AS BIGINT)', name=op.f('ck_market_layout_first_no_whole')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_market_layout_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_layout')),
    sa.UniqueConstraint('cooperative_id', 'site', 'kind', 'fingerprint', name=op.f('uq_market_layout_cooperative_id_site_kind_fingerprint'))
    )


def _stall_outing():
    op.create_table('stall_outing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own: a double tap is one outing"),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('day_on', sa.Date(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('opened_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('cash_counted_vnd', sa.BigInteger(), nullable=True),
    sa.Column('cash_expected_vnd', sa.BigInteger(), nullable=False, comment='of sales that had arrived by then'),
    sa.Column('reason', sa.String(), nullable=False, comment='why what came back is not what it should be'),
    sa.CheckConstraint('(closed_at IS NULL) = (cash_counted_vnd IS NULL)', name=op.f('ck_stall_outing_closed_is_counted')),
    sa.CheckConstraint('cash_counted_vnd = CAST(cash_counted_vnd AS BIGINT)', name=op.f('ck_stall_outing_cash_counted_vnd_whole')),
    sa.CheckConstraint('cash_counted_vnd >= 0 AND cash_expected_vnd >= 0', name=op.f('ck_stall_outing_cash_not_negative')),
    sa.CheckConstraint('cash_expected_vnd = CAST(cash_expected_vnd AS BIGINT)', name=op.f('ck_stall_outing_cash_expected_vnd_whole')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_stall_outing_commune_id_unit')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_stall_outing_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['opened_by_user_id'], ['person_account.id'], name=op.f('fk_stall_outing_opened_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stall_outing')),
    sa.UniqueConstraint('cooperative_id', 'key', name=op.f('uq_stall_outing_cooperative_id_key'))
    )


def _market_order():
    op.create_table('market_order',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('status', sa.String(), nullable=False, comment="the site's, in our words; the last that was news"),
    sa.Column('told', sa.JSON(), nullable=False, comment='lines and sums; the buyer too until it is ours'),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('fee_vnd', sa.BigInteger(), nullable=False, comment='what the site keeps of it, as posted'),
    sa.Column('fee_step', sa.Integer(), nullable=False, comment='how often that was said'),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('problem_text', sa.String(), nullable=False, comment='what was refused, in Vietnamese; no name'),
    sa.Column('given_up', sa.Boolean(), nullable=False, comment='a person cancels it at the site'),
    sa.Column('file_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the last that spoke of it'),
    sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'taken') = (order_id IS NOT NULL)", name=op.f('ck_market_order_taken_is_ours')),
    sa.CheckConstraint("problem IN ('goods', 'stock', 'weighed', 'money', 'refused', '')", name=op.f('ck_market_order_problem_known')),
    sa.CheckConstraint("site IN ('shopee', 'lazada', 'sendo', 'voso', 'postmart')", name=op.f('ck_market_order_site_known')),
    sa.CheckConstraint("state IN ('waiting', 'taken', 'held', 'ended')", name=op.f('ck_market_order_state_known')),
    sa.CheckConstraint("status IN ('unpaid', 'to_ship', 'shipped', 'delivered', 'returned', 'cancelled')", name=op.f('ck_market_order_status_known')),
    sa.CheckConstraint('fee_vnd = CAST(fee_vnd AS BIGINT)', name=op.f('ck_market_order_fee_vnd_whole')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_market_order_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['file_id'], ['market_file.id'], name=op.f('fk_market_order_file_id_market_file')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_market_order_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_market_order')),
    sa.UniqueConstraint('cooperative_id', 'site', 'number', name=op.f('uq_market_order_cooperative_id_site_number'))
    )
    op.create_index(op.f('ix_market_order_order_id'), 'market_order', ['order_id'], unique=False)


def _stall_sale():
    op.create_table('stall_sale',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stall_outing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='made by the phone: sent twice it is one sale'),
    sa.Column('code', sa.String(), nullable=False, comment='the order code that the buyer was shown'),
    sa.Column('method', sa.String(), nullable=False),
    sa.Column('total_vnd', sa.BigInteger(), nullable=False),
    sa.Column('given_vnd', sa.BigInteger(), nullable=False, comment='cash that the buyer handed over, with the change'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('void_reason', sa.String(), nullable=False),
    sa.Column('problem_text', sa.String(), nullable=False, comment='why it cannot become an order as it stands'),
    sa.Column('sold_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('arrived_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'done') = (order_id IS NOT NULL)", name=op.f('ck_stall_sale_done_has_order')),
    sa.CheckConstraint("(state = 'void') = (void_reason <> '')", name=op.f('ck_stall_sale_void_has_reason')),
    sa.CheckConstraint("method IN ('cod', 'vietqr')", name=op.f('ck_stall_sale_method_known')),
    sa.CheckConstraint("state IN ('done', 'held', 'void')", name=op.f('ck_stall_sale_state_known')),
    sa.CheckConstraint('given_vnd = CAST(given_vnd AS BIGINT)', name=op.f('ck_stall_sale_given_vnd_whole')),
    sa.CheckConstraint('given_vnd >= 0', name=op.f('ck_stall_sale_given_not_negative')),
    sa.CheckConstraint('total_vnd = CAST(total_vnd AS BIGINT)', name=op.f('ck_stall_sale_total_vnd_whole')),
    sa.CheckConstraint('total_vnd > 0', name=op.f('ck_stall_sale_total_positive')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_stall_sale_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_stall_sale_order_id_sale_order')),
    sa.ForeignKeyConstraint(['stall_outing_id'], ['stall_outing.id'], name=op.f('fk_stall_sale_stall_outing_id_stall_outing')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stall_sale')),
    sa.UniqueConstraint('key', name=op.f('uq_stall_sale_key'))
    )
    op.create_index(op.f('ix_stall_sale_order_id'), 'stall_sale', ['order_id'], unique=False)
    op.create_index(op.f('ix_stall_sale_stall_outing_id_state'), 'stall_sale', ['stall_outing_id', 'state'], unique=False)


def _market_listing():
    op.create_table('market_listing',
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site', sa.String(), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price_vnd', sa.BigInteger(), nullable=False),
    sa.Column('stock', sa.Integer(), nullable=False),
    sa.Column('told_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("site IN ('shopee', 'lazada', 'sendo', 'voso', 'postmart')", name=op.f('ck_market_listing_site_known')),
    sa.CheckConstraint('price_vnd = CAST(price_vnd AS BIGINT)', name=op.f('ck_market_listing_price_vnd_whole')),
    sa.CheckConstraint('price_vnd > 0 AND stock >= 0', name=op.f('ck_market_listing_told_amounts')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_market_listing_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_market_listing_pack_id_pack')),
    sa.PrimaryKeyConstraint('cooperative_id', 'site', 'pack_id', name=op.f('pk_market_listing'))
    )
    op.create_index(op.f('ix_market_listing_pack_id'), 'market_listing', ['pack_id'], unique=False)


def _market_sku():
    op.create_table('market_sku',
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('site', sa.String(), nullable=False),
    sa.Column('sku', sa.String(), nullable=False, comment='folded'),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("site IN ('shopee', 'lazada', 'sendo', 'voso', 'postmart')", name=op.f('ck_market_sku_site_known')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_market_sku_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_market_sku_pack_id_pack')),
    sa.PrimaryKeyConstraint('cooperative_id', 'site', 'sku', name=op.f('pk_market_sku'))
    )
    op.create_index(op.f('ix_market_sku_pack_id'), 'market_sku', ['pack_id'], unique=False)


def _stall_good():
    op.create_table('stall_good',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stall_outing_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('carried_quantity', sa.BigInteger(), nullable=False),
    sa.Column('sold_quantity', sa.BigInteger(), nullable=False),
    sa.Column('beyond_quantity', sa.BigInteger(), nullable=False),
    sa.Column('returned_quantity', sa.BigInteger(), nullable=False),
    sa.Column('lost_quantity', sa.BigInteger(), nullable=False),
    sa.Column('found_quantity', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('beyond_quantity = CAST(beyond_quantity AS BIGINT)', name=op.f('ck_stall_good_beyond_quantity_whole')),
    sa.CheckConstraint('carried_quantity = CAST(carried_quantity AS BIGINT)', name=op.f('ck_stall_good_carried_quantity_whole')),
    sa.CheckConstraint('carried_quantity >= 0 AND sold_quantity >= 0 AND returned_quantity >= 0 AND lost_quantity >= 0 AND found_quantity >= 0 AND beyond_quantity >= 0', name=op.f('ck_stall_good_not_negative')),
    sa.CheckConstraint('found_quantity = CAST(found_quantity AS BIGINT)', name=op.f('ck_stall_good_found_quantity_whole')),
    sa.CheckConstraint('lost_quantity = CAST(lost_quantity AS BIGINT)', name=op.f('ck_stall_good_lost_quantity_whole')),
    sa.CheckConstraint('returned_quantity = CAST(returned_quantity AS BIGINT)', name=op.f('ck_stall_good_returned_quantity_whole')),
    sa.CheckConstraint('sold_quantity + returned_quantity + lost_quantity <= carried_quantity + found_quantity', name=op.f('ck_stall_good_no_more_than_carried')),
    sa.CheckConstraint('sold_quantity = CAST(sold_quantity AS BIGINT)', name=op.f('ck_stall_good_sold_quantity_whole')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_stall_good_lot_id_lot')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_stall_good_pack_id_pack')),
    sa.ForeignKeyConstraint(['stall_outing_id'], ['stall_outing.id'], name=op.f('fk_stall_good_stall_outing_id_stall_outing')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stall_good')),
    sa.UniqueConstraint('stall_outing_id', 'lot_id', 'pack_id', name=op.f('uq_stall_good_stall_outing_id_lot_id_pack_id'))
    )


def _stall_sale_line():
    op.create_table('stall_sale_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stall_sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('unit_price_vnd', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_stall_sale_line_quantity_whole')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_stall_sale_line_quantity_positive')),
    sa.CheckConstraint('unit_price_vnd = CAST(unit_price_vnd AS BIGINT)', name=op.f('ck_stall_sale_line_unit_price_vnd_whole')),
    sa.CheckConstraint('unit_price_vnd > 0', name=op.f('ck_stall_sale_line_price_positive')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_stall_sale_line_lot_id_lot')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_stall_sale_line_pack_id_pack')),
    sa.ForeignKeyConstraint(['stall_sale_id'], ['stall_sale.id'], name=op.f('fk_stall_sale_line_stall_sale_id_stall_sale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stall_sale_line')),
    sa.UniqueConstraint('stall_sale_id', 'pack_id', 'lot_id', name=op.f('uq_stall_sale_line_stall_sale_id_pack_id_lot_id'))
    )
    make_immutable("stall_sale_line")


def _stall_step():
    op.create_table('stall_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stall_sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stall_sale_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.String(), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("step IN ('stall', 'loss', 'store', 'substitute', 'apology', 'found')", name=op.f('ck_stall_step_step_known')),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_stall_step_quantity_whole')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_stall_step_quantity_positive')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_stall_step_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_stall_step_order_id_sale_order')),
    sa.ForeignKeyConstraint(['stall_sale_id'], ['stall_sale.id'], name=op.f('fk_stall_step_stall_sale_id_stall_sale')),
    sa.ForeignKeyConstraint(['stall_sale_line_id'], ['stall_sale_line.id'], name=op.f('fk_stall_step_stall_sale_line_id_stall_sale_line')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stall_step'))
    )
    op.create_index(op.f('ix_stall_step_stall_sale_id'), 'stall_step', ['stall_sale_id'], unique=False)
    make_immutable("stall_step")


def upgrade():
    _market_category()
    _market_file()
    _market_layout()
    _stall_outing()
    _market_order()
    _stall_sale()
    _market_listing()
    _market_sku()
    _stall_good()
    _stall_sale_line()
    _stall_step()


def downgrade():
    op.drop_table("stall_step")
    op.drop_table("stall_sale_line")
    op.drop_table("stall_good")
    op.drop_table("market_sku")
    op.drop_table("market_listing")
    op.drop_table("stall_sale")
    op.drop_table("market_order")
    op.drop_table("stall_outing")
    op.drop_table("market_layout")
    op.drop_table("market_file")
    op.drop_table("market_category")
