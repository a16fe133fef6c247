"""What feeds note of changes, Saleor shops were told, live sales ask of people of one name, and stalls of transfers.

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def _feed_fetch():
    with op.batch_alter_table("feed_fetch") as table:
        table.add_column(sa.Column('failed_at', UtcDateTime(timezone=True), nullable=True, comment='when a file last broke off while it was sent'))


def _feed_fetch_back():
    with op.batch_alter_table("feed_fetch") as table:
        table.drop_column("failed_at")


def _feed_mark():
    op.create_table('feed_mark',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('step', sa.BigInteger(), nullable=False, comment='of the newest change'),
    sa.Column('total', sa.BigInteger(), nullable=False, comment="versions of all products' pages and of the sellers, added up"),
    sa.Column('shared', sa.String(), nullable=False, comment='of what all listings hang on: day, rates, categories, sellers'),
    sa.CheckConstraint('id = 1', name=op.f('ck_feed_mark_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_mark'))
    )


def _saleor_instance():
    with op.batch_alter_table("saleor_instance") as table:
        table.add_column(sa.Column('turned_at', UtcDateTime(timezone=True), nullable=True, comment='when its goods had their last turn: who waited longest is next'))


def _saleor_instance_back():
    with op.batch_alter_table("saleor_instance") as table:
        table.drop_column("turned_at")


def _live_sale():
    with op.batch_alter_table("live_sale") as table:
        table.add_column(sa.Column('next_on', sa.Date(), nullable=True, comment='the next sale, told to whoever came too late'))


def _live_sale_back():
    with op.batch_alter_table("live_sale") as table:
        table.drop_column("next_on")


def _stall_outing():
    with op.batch_alter_table("stall_outing") as table:
        table.add_column(sa.Column('closed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        table.create_foreign_key(op.f("fk_stall_outing_closed_by_user_id_person_account"), "person_account", ['closed_by_user_id'], ['id'])


def _stall_outing_back():
    with op.batch_alter_table("stall_outing") as table:
        table.drop_constraint(op.f("fk_stall_outing_closed_by_user_id_person_account"), type_="foreignkey")
        table.drop_column("closed_by_user_id")


def _feed_listing():
    op.create_table('feed_listing',
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.BigInteger(), nullable=False, comment="of the product's page, as it was looked at"),
    sa.Column('digest', sa.String(), nullable=False, comment='of everything that the files say of it'),
    sa.Column('words', sa.JSON(), nullable=False, comment='availability by pack id, of every pack ever listed'),
    sa.Column('pictured', sa.JSON(), nullable=False, comment='ids of packs that channels of pictures were ever sent'),
    sa.Column('step', sa.BigInteger(), nullable=False, comment='of the last change; 0: never in a file'),
    sa.Column('changed_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_feed_listing_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_feed_listing_product_id_product')),
    sa.PrimaryKeyConstraint('product_id', name=op.f('pk_feed_listing'))
    )
    op.create_index(op.f('ix_feed_listing_changed_at'), 'feed_listing', ['changed_at'], unique=False)
    op.create_index(op.f('ix_feed_listing_cooperative_id'), 'feed_listing', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_feed_listing_step'), 'feed_listing', ['step'], unique=False)


def _live_buyer():
    with op.batch_alter_table("live_buyer") as table:
        table.drop_constraint(op.f("uq_live_buyer_live_sale_id_name_key"), type_="unique")
        table.add_column(sa.Column('twin', sa.Integer(), nullable=False, comment='0 the first of that name, 1 the second …', server_default='0'))
        table.create_unique_constraint(op.f("uq_live_buyer_live_sale_id_name_key_twin"), ['live_sale_id', 'name_key', 'twin'])
    with op.batch_alter_table("live_buyer") as table:
        table.alter_column("twin", server_default=None)


def _live_buyer_back():
    with op.batch_alter_table("live_buyer") as table:
        table.drop_constraint(op.f("uq_live_buyer_live_sale_id_name_key_twin"), type_="unique")
        table.drop_column("twin")
        table.create_unique_constraint(op.f("uq_live_buyer_live_sale_id_name_key"), ['live_sale_id', 'name_key'])


def _saleor_listing():
    with op.batch_alter_table("saleor_listing") as table:
        table.add_column(sa.Column('rank', sa.Integer(), nullable=False, comment='sent in this order: 0 sold out or withdrawn, 1 price or fewer, 2 the rest', server_default='2'))
        table.create_check_constraint(op.f("ck_saleor_listing_rank_known"), 'rank BETWEEN 0 AND 2')
    with op.batch_alter_table("saleor_listing") as table:
        table.alter_column("rank", server_default=None)


def _saleor_listing_back():
    with op.batch_alter_table("saleor_listing") as table:
        table.drop_constraint(op.f("ck_saleor_listing_rank_known"), type_="check")
        table.drop_column("rank")


def _stall_sale():
    with op.batch_alter_table("stall_sale") as table:
        table.add_column(sa.Column('answer', sa.String(), nullable=False, comment='what became of a transfer that did not come', server_default=''))
        table.create_check_constraint(op.f("ck_stall_sale_answer_known"), "answer IN ('', 'cash', 'returned', 'lost')")
        table.create_check_constraint(op.f("ck_stall_sale_answer_of_transfer"), "answer = '' OR method = 'vietqr'")
    with op.batch_alter_table("stall_sale") as table:
        table.alter_column("answer", server_default=None)


def _stall_sale_back():
    with op.batch_alter_table("stall_sale") as table:
        table.drop_constraint(op.f("ck_stall_sale_answer_known"), type_="check")
        table.drop_constraint(op.f("ck_stall_sale_answer_of_transfer"), type_="check")
        table.drop_column("answer")


def _feed_word():
    op.create_table('feed_word',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('availability', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("availability IN ('InStock', 'PreOrder', 'OutOfStock', 'Discontinued')", name=op.f('ck_feed_word_availability_known')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_feed_word_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feed_word'))
    )
    op.create_index(op.f('ix_feed_word_pack_id'), 'feed_word', ['pack_id'], unique=False)


def _live_comment():
    with op.batch_alter_table("live_comment") as table:
        table.drop_constraint(op.f("ck_live_comment_outcome_known"), type_="check")
        table.create_check_constraint(op.f("ck_live_comment_outcome_known"), "outcome IN ('put', 'unsure', 'whose', 'sold_out', 'asked', 'taken_back', 'talk')")


def _live_comment_back():
    with op.batch_alter_table("live_comment") as table:
        table.drop_constraint(op.f("ck_live_comment_outcome_known"), type_="check")
        table.create_check_constraint(op.f("ck_live_comment_outcome_known"), "outcome IN ('put', 'unsure', 'sold_out', 'asked', 'taken_back', 'talk')")


def _saleor_told():
    op.create_table('saleor_told',
    sa.Column('instance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('price_vnd', sa.BigInteger(), nullable=False),
    sa.Column('stock', sa.Integer(), nullable=False, comment='pieces, with those that it holds back for its own open orders'),
    sa.Column('told_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('price_vnd = CAST(price_vnd AS BIGINT)', name=op.f('ck_saleor_told_price_vnd_whole')),
    sa.CheckConstraint('stock >= 0', name=op.f('ck_saleor_told_stock_not_negative')),
    sa.ForeignKeyConstraint(['instance_id'], ['saleor_instance.id'], name=op.f('fk_saleor_told_instance_id_saleor_instance')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_saleor_told_pack_id_pack')),
    sa.PrimaryKeyConstraint('instance_id', 'pack_id', name=op.f('pk_saleor_told'))
    )
    op.create_index(op.f('ix_saleor_told_pack_id'), 'saleor_told', ['pack_id'], unique=False)


def _live_line():
    with op.batch_alter_table("live_line") as table:
        table.add_column(sa.Column('is_unmet', sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(op.f("ck_live_line_unmet_not_ordered"), 'NOT is_unmet OR order_id IS NULL')
    with op.batch_alter_table("live_line") as table:
        table.alter_column("is_unmet", server_default=None)


def _live_line_back():
    with op.batch_alter_table("live_line") as table:
        table.drop_constraint(op.f("ck_live_line_unmet_not_ordered"), type_="check")
        table.drop_column("is_unmet")


def upgrade():
    _feed_fetch()
    _feed_mark()
    _saleor_instance()
    _live_sale()
    _stall_outing()
    _feed_listing()
    _live_buyer()
    _saleor_listing()
    _stall_sale()
    _feed_word()
    _live_comment()
    _saleor_told()
    _live_line()


def downgrade():
    _live_line_back()
    op.drop_table("saleor_told")
    _live_comment_back()
    op.drop_table("feed_word")
    _stall_sale_back()
    _saleor_listing_back()
    _live_buyer_back()
    op.drop_table("feed_listing")
    _stall_outing_back()
    _live_sale_back()
    _saleor_instance_back()
    op.drop_table("feed_mark")
    _feed_fetch_back()
