"""What doors of sale, fairness, papers, looking after and the work without a line add to channels.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None


def _saleor_instance():
    op.create_table('saleor_instance',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('label', sa.String(), nullable=False),
    sa.Column('api_url', sa.String(), nullable=False, comment='the allow-list: no other address is heard'),
    sa.Column('channel_slug', sa.String(), nullable=False, comment='a channel of the shop that counts in đồng'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('app_id', sa.String(), nullable=False, comment="the shop's own id of our app"),
    sa.Column('token', sa.LargeBinary(), nullable=True, comment='encrypted; never shown again'),
    sa.Column('jwks', sa.String(), nullable=False, comment='public keys that it signs with, JSON'),
    sa.Column('jwks_at', UtcDateTime(timezone=True), nullable=True, comment='when they were asked for last'),
    sa.Column('setup', sa.String(), nullable=False, comment='JSON: its ids of channel, warehouse, types'),
    sa.Column('setup_problem', sa.String(), nullable=False, comment='what its manager must mend'),
    sa.Column('heard_at', UtcDateTime(timezone=True), nullable=True, comment='when it spoke to us last, proved'),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True, comment='when it answered us last'),
    sa.Column('failures_count', sa.Integer(), nullable=False, comment='in a row; an answer sets it to 0'),
    sa.Column('failed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('failed_why', sa.String(), nullable=False, comment='class of the last failure, no personal data'),
    sa.Column('pause_until', UtcDateTime(timezone=True), nullable=True, comment='not called before: it failed or asked so'),
    sa.Column('lease_until', UtcDateTime(timezone=True), nullable=True, comment='one worker at a time sends goods there'),
    sa.Column('read_to', UtcDateTime(timezone=True), nullable=True, comment='until when its orders were listed: lost knocks'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("state = 'allowed' OR token IS NOT NULL", name=op.f('ck_saleor_instance_installed_has_token')),
    sa.CheckConstraint("state IN ('allowed', 'installed', 'paused')", name=op.f('ck_saleor_instance_state_known')),
    sa.CheckConstraint('failures_count = CAST(failures_count AS BIGINT)', name=op.f('ck_saleor_instance_failures_count_whole')),
    sa.CheckConstraint('failures_count >= 0', name=op.f('ck_saleor_instance_failures_not_negative')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_saleor_instance_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saleor_instance')),
    sa.UniqueConstraint('api_url', name=op.f('uq_saleor_instance_api_url'))
    )
    op.create_index(op.f('ix_saleor_instance_organisation_id'), 'saleor_instance', ['organisation_id'], unique=False)


def _live_sale():
    op.create_table('live_sale',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own: a double tap is one sale"),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('erased_at', UtcDateTime(timezone=True), nullable=True, comment='when names, phones and comments were erased'),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_live_sale_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_sale')),
    sa.UniqueConstraint('cooperative_id', 'key', name=op.f('uq_live_sale_cooperative_id_key'))
    )


def _saleor_order():
    op.create_table('saleor_order',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('instance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('remote_id', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False, comment="as the shop's people know it"),
    sa.Column('purchase_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('problem', sa.String(), nullable=False),
    sa.Column('problem_text', sa.String(), nullable=False, comment='what was refused, in Vietnamese; no name'),
    sa.Column('refused', sa.Boolean(), nullable=False, comment='a person will not take it: cancel it there'),
    sa.Column('phone', sa.String(), nullable=False, comment="E.164, written by a person for the shop's"),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the same for its address'),
    sa.Column('knock_count', sa.Integer(), nullable=False, comment='news that came meanwhile is not lost'),
    sa.Column('local_seen', sa.String(), nullable=False, comment='our side when it was last compared'),
    sa.Column('looked_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.CheckConstraint("problem IN ('address', 'phone', 'foreign', 'currency', 'refused', 'cancelled_there', 'refunded_there', 'refund_failed', 'refund_wanted', 'push', '')", name=op.f('ck_saleor_order_problem_known')),
    sa.CheckConstraint("state <> 'taken' OR purchase_id IS NOT NULL", name=op.f('ck_saleor_order_taken_is_ours')),
    sa.CheckConstraint("state IN ('waiting', 'taken', 'held', 'ended')", name=op.f('ck_saleor_order_state_known')),
    sa.CheckConstraint('knock_count = CAST(knock_count AS BIGINT)', name=op.f('ck_saleor_order_knock_count_whole')),
    sa.CheckConstraint('knock_count >= 0', name=op.f('ck_saleor_order_knocks_not_negative')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_saleor_order_commune_id_unit')),
    sa.ForeignKeyConstraint(['instance_id'], ['saleor_instance.id'], name=op.f('fk_saleor_order_instance_id_saleor_instance')),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_saleor_order_purchase_id_purchase')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saleor_order')),
    sa.UniqueConstraint('instance_id', 'remote_id', name=op.f('uq_saleor_order_instance_id_remote_id'))
    )
    op.create_index(op.f('ix_saleor_order_purchase_id'), 'saleor_order', ['purchase_id'], unique=False)
    op.create_index(op.f('ix_saleor_order_work_state'), 'saleor_order', ['work_state'], unique=False)


def _saleor_seller():
    op.create_table('saleor_seller',
    sa.Column('instance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('joined_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('left_at', UtcDateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_saleor_seller_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['instance_id'], ['saleor_instance.id'], name=op.f('fk_saleor_seller_instance_id_saleor_instance')),
    sa.PrimaryKeyConstraint('instance_id', 'cooperative_id', name=op.f('pk_saleor_seller'))
    )
    op.create_index(op.f('ix_saleor_seller_cooperative_id'), 'saleor_seller', ['cooperative_id'], unique=False)


def _live_buyer():
    op.create_table('live_buyer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('live_sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name_key', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('receiver', sa.String(), nullable=False, comment='the name on the parcel, where it is another'),
    sa.Column('phone', sa.String(), nullable=False, comment='E.164'),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('place', sa.String(), nullable=False, comment='as typed, until it is one commune'),
    sa.Column('address_line', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_live_buyer_commune_id_unit')),
    sa.ForeignKeyConstraint(['live_sale_id'], ['live_sale.id'], name=op.f('fk_live_buyer_live_sale_id_live_sale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_buyer')),
    sa.UniqueConstraint('live_sale_id', 'name_key', name=op.f('uq_live_buyer_live_sale_id_name_key'))
    )


def _saleor_listing():
    op.create_table('saleor_listing',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('instance_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('hint', sa.String(), nullable=False, comment='versions and stock when it was last looked at: cheap to compare'),
    sa.Column('text_hash', sa.String(), nullable=False, comment='of the words that were sent'),
    sa.Column('media_hash', sa.String(), nullable=False, comment='of the photos that were sent'),
    sa.Column('remote_id', sa.String(), nullable=False, comment="the shop's id of the product"),
    sa.Column('shown', sa.Boolean(), nullable=False, comment='on sale there, as far as we know'),
    sa.Column('fault', sa.String(), nullable=False, comment="the shop's code of what it refused"),
    sa.Column('fault_text', sa.String(), nullable=False, comment='and its own words'),
    sa.Column('tries_count', sa.Integer(), nullable=False),
    sa.Column('due_at', UtcDateTime(timezone=True), nullable=True, comment='a refused row is tried again then'),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("state IN ('pending', 'sent', 'failed')", name=op.f('ck_saleor_listing_state_known')),
    sa.CheckConstraint('tries_count = CAST(tries_count AS BIGINT)', name=op.f('ck_saleor_listing_tries_count_whole')),
    sa.CheckConstraint('tries_count >= 0', name=op.f('ck_saleor_listing_tries_not_negative')),
    sa.ForeignKeyConstraint(['instance_id'], ['saleor_instance.id'], name=op.f('fk_saleor_listing_instance_id_saleor_instance')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_saleor_listing_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saleor_listing')),
    sa.UniqueConstraint('instance_id', 'product_id', name=op.f('uq_saleor_listing_instance_id_product_id'))
    )
    op.create_index(op.f('ix_saleor_listing_instance_id_state_due_at'), 'saleor_listing', ['instance_id', 'state', 'due_at'], unique=False)
    op.create_index(op.f('ix_saleor_listing_product_id'), 'saleor_listing', ['product_id'], unique=False)


def _live_comment():
    op.create_table('live_comment',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('live_sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('live_buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('digest', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False, comment='what may be meant, or how many are left'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("outcome IN ('put', 'unsure', 'sold_out', 'asked', 'taken_back', 'talk')", name=op.f('ck_live_comment_outcome_known')),
    sa.ForeignKeyConstraint(['live_buyer_id'], ['live_buyer.id'], name=op.f('fk_live_comment_live_buyer_id_live_buyer')),
    sa.ForeignKeyConstraint(['live_sale_id'], ['live_sale.id'], name=op.f('fk_live_comment_live_sale_id_live_sale')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_comment')),
    sa.UniqueConstraint('live_sale_id', 'digest', name=op.f('uq_live_comment_live_sale_id_digest'))
    )
    op.create_index(op.f('ix_live_comment_live_buyer_id'), 'live_comment', ['live_buyer_id'], unique=False)


def _live_good():
    op.create_table('live_good',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('live_sale_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False, comment='folded'),
    sa.Column('is_shown', sa.Boolean(), nullable=False, comment="held up just now: a bare 'chốt' means it"),
    sa.ForeignKeyConstraint(['live_sale_id'], ['live_sale.id'], name=op.f('fk_live_good_live_sale_id_live_sale')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_live_good_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_good')),
    sa.UniqueConstraint('live_sale_id', 'code', name=op.f('uq_live_good_live_sale_id_code')),
    sa.UniqueConstraint('live_sale_id', 'pack_id', name=op.f('uq_live_good_live_sale_id_pack_id'))
    )


def _live_line():
    op.create_table('live_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('live_buyer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.BigInteger(), nullable=False),
    sa.Column('live_comment_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_live_line_quantity_whole')),
    sa.CheckConstraint('quantity > 0', name=op.f('ck_live_line_quantity_positive')),
    sa.ForeignKeyConstraint(['live_buyer_id'], ['live_buyer.id'], name=op.f('fk_live_line_live_buyer_id_live_buyer')),
    sa.ForeignKeyConstraint(['live_comment_id'], ['live_comment.id'], name=op.f('fk_live_line_live_comment_id_live_comment')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_live_line_order_id_sale_order')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_live_line_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_live_line'))
    )
    op.create_index(op.f('ix_live_line_live_buyer_id'), 'live_line', ['live_buyer_id'], unique=False)


def _saleor_refund_ask():
    op.create_table('saleor_refund_ask',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('saleor_order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('refund_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('wish', sa.Boolean(), nullable=False, comment='the shop asks us, who hold the money'),
    sa.Column('transaction', sa.String(), nullable=False, comment="the shop's id of the payment"),
    sa.Column('psp', sa.String(), nullable=False, comment='the name under which both sides speak of it'),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.Column('certain', sa.Boolean(), nullable=False, comment='its answer reached us'),
    sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('reported_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_saleor_refund_ask_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_saleor_refund_ask_amount_positive')),
    sa.CheckConstraint('refund_id IS NOT NULL OR wish', name=op.f('ck_saleor_refund_ask_ours_has_refund')),
    sa.ForeignKeyConstraint(['refund_id'], ['refund.id'], name=op.f('fk_saleor_refund_ask_refund_id_refund')),
    sa.ForeignKeyConstraint(['saleor_order_id'], ['saleor_order.id'], name=op.f('fk_saleor_refund_ask_saleor_order_id_saleor_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saleor_refund_ask')),
    sa.UniqueConstraint('refund_id', name=op.f('uq_saleor_refund_ask_refund_id')),
    sa.UniqueConstraint('saleor_order_id', 'psp', name=op.f('uq_saleor_refund_ask_saleor_order_id_psp'))
    )


def upgrade():
    _saleor_instance()
    _live_sale()
    _saleor_order()
    _saleor_seller()
    _live_buyer()
    _saleor_listing()
    _live_comment()
    _live_good()
    _live_line()
    _saleor_refund_ask()


def downgrade():
    op.drop_table("saleor_refund_ask")
    op.drop_table("live_line")
    op.drop_table("live_good")
    op.drop_table("live_comment")
    op.drop_table("saleor_listing")
    op.drop_table("live_buyer")
    op.drop_table("saleor_seller")
    op.drop_table("saleor_order")
    op.drop_table("live_sale")
    op.drop_table("saleor_instance")
