"""What the shop that sells adds to orders.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def _purchase():
    with op.batch_alter_table("purchase") as table:
        table.add_column(sa.Column('gift_note', sa.String(), nullable=False, comment='a card to lie in each parcel; no price goes with it', server_default=''))
        table.add_column(sa.Column('wording', sa.String(), nullable=False, comment='of the contract, with the limits of that day', server_default='2026-11-22?return_days=14&answer_days=3&order_years=3'))
        table.add_column(sa.Column('erased_at', UtcDateTime(timezone=True), nullable=True, comment='when name, phone, street and note were erased'))
    with op.batch_alter_table("purchase") as table:
        table.alter_column("gift_note", server_default=None)
        table.alter_column("wording", server_default=None)


def _purchase_back():
    with op.batch_alter_table("purchase") as table:
        table.drop_column("gift_note")
        table.drop_column("wording")
        table.drop_column("erased_at")


def _invoice_request():
    op.create_table('invoice_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('purchase_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('tax_code', sa.String(), nullable=False, comment='10 digits, 10-3 of a branch, or 12 of a person'),
    sa.Column('address', sa.String(), nullable=False),
    sa.Column('email', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_invoice_request_purchase_id_purchase')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_invoice_request')),
    sa.UniqueConstraint('purchase_id', name=op.f('uq_invoice_request_purchase_id'))
    )


def _purchase_claim():
    op.create_table('purchase_claim',
    sa.Column('purchase_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['purchase_id'], ['purchase.id'], name=op.f('fk_purchase_claim_purchase_id_purchase')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_purchase_claim_user_id_person_account')),
    sa.PrimaryKeyConstraint('purchase_id', name=op.f('pk_purchase_claim'))
    )
    op.create_index(op.f('ix_purchase_claim_user_id'), 'purchase_claim', ['user_id'], unique=False)
    make_immutable("purchase_claim")


def _subsidy():
    op.create_table('subsidy',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own: a double tap is one programme"),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False, comment='as buyers and cooperatives read it'),
    sa.Column('basis', sa.String(), nullable=False, comment='the decision or contract it rests on'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['created_by_user_id'], ['person_account.id'], name=op.f('fk_subsidy_created_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_subsidy_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_subsidy')),
    sa.UniqueConstraint('organisation_id', 'key', name=op.f('uq_subsidy_organisation_id_key'))
    )


def _sale_order():
    with op.batch_alter_table("sale_order") as table:
        table.drop_constraint(op.f("ck_sale_order_total_adds_up"), type_="check")
        table.add_column(sa.Column('subsidy_vnd', sa.BigInteger(), nullable=False, comment='paid by a programme: counts as paid in the split', server_default='0'))
        table.create_check_constraint(op.f("ck_sale_order_subsidy_vnd_whole"), 'subsidy_vnd = CAST(subsidy_vnd AS BIGINT)')
        table.create_check_constraint(op.f("ck_sale_order_subsidy_within_goods"), 'subsidy_vnd BETWEEN 0 AND goods_vnd - discount_vnd')
        table.create_check_constraint(op.f("ck_sale_order_total_adds_up"), 'total_vnd = goods_vnd - discount_vnd - subsidy_vnd + shipping_vnd')
    with op.batch_alter_table("sale_order") as table:
        table.alter_column("subsidy_vnd", server_default=None)


def _sale_order_back():
    with op.batch_alter_table("sale_order") as table:
        table.drop_constraint(op.f("ck_sale_order_subsidy_vnd_whole"), type_="check")
        table.drop_constraint(op.f("ck_sale_order_subsidy_within_goods"), type_="check")
        table.drop_constraint(op.f("ck_sale_order_total_adds_up"), type_="check")
        table.drop_column("subsidy_vnd")
        table.create_check_constraint(op.f("ck_sale_order_total_adds_up"), 'total_vnd = goods_vnd - discount_vnd + shipping_vnd')


def _voucher():
    op.create_table('voucher',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own: a double tap is one voucher"),
    sa.Column('code', sa.String(), nullable=False, comment='A–Z and 0–9, as buyers type it'),
    sa.Column('name', sa.String(), nullable=False, comment='what for, for the makers alone'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='whose goods; none: of all, by a subsidy'),
    sa.Column('subsidy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='who pays; none: the cooperative'),
    sa.Column('percent_bp', sa.Integer(), nullable=True),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=True),
    sa.Column('most_vnd', sa.BigInteger(), nullable=True),
    sa.Column('min_goods_vnd', sa.BigInteger(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=False, comment='the last day'),
    sa.Column('uses_max', sa.Integer(), nullable=True, comment='check-outs'),
    sa.Column('once_per_phone', sa.Boolean(), nullable=False),
    sa.Column('budget_vnd', sa.BigInteger(), nullable=True, comment='all its uses together, where the cooperative pays'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('stopped_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('(percent_bp IS NULL) <> (amount_vnd IS NULL)', name=op.f('ck_voucher_percent_or_amount')),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_voucher_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_voucher_amount_positive')),
    sa.CheckConstraint('budget_vnd = CAST(budget_vnd AS BIGINT)', name=op.f('ck_voucher_budget_vnd_whole')),
    sa.CheckConstraint('budget_vnd IS NULL OR (budget_vnd > 0 AND subsidy_id IS NULL)', name=op.f('ck_voucher_own_budget_without_subsidy')),
    sa.CheckConstraint('cooperative_id IS NOT NULL OR subsidy_id IS NOT NULL', name=op.f('ck_voucher_somebody_pays')),
    sa.CheckConstraint('min_goods_vnd = CAST(min_goods_vnd AS BIGINT)', name=op.f('ck_voucher_min_goods_vnd_whole')),
    sa.CheckConstraint('min_goods_vnd >= 0', name=op.f('ck_voucher_minimum_not_negative')),
    sa.CheckConstraint('most_vnd = CAST(most_vnd AS BIGINT)', name=op.f('ck_voucher_most_vnd_whole')),
    sa.CheckConstraint('most_vnd > 0', name=op.f('ck_voucher_most_positive')),
    sa.CheckConstraint('percent_bp = CAST(percent_bp AS BIGINT)', name=op.f('ck_voucher_percent_bp_whole')),
    sa.CheckConstraint('percent_bp BETWEEN 1 AND 9000', name=op.f('ck_voucher_percent_in_bounds')),
    sa.CheckConstraint('to_on >= from_on', name=op.f('ck_voucher_ends_after_begin')),
    sa.CheckConstraint('uses_max > 0', name=op.f('ck_voucher_uses_positive')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_voucher_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['created_by_user_id'], ['person_account.id'], name=op.f('fk_voucher_created_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['subsidy_id'], ['subsidy.id'], name=op.f('fk_voucher_subsidy_id_subsidy')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_voucher')),
    sa.UniqueConstraint('code', name=op.f('uq_voucher_code')),
    sa.UniqueConstraint('key', name=op.f('uq_voucher_key'))
    )
    op.create_index(op.f('ix_voucher_cooperative_id'), 'voucher', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_voucher_subsidy_id'), 'voucher', ['subsidy_id'], unique=False)


def _complaint():
    op.create_table('complaint',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own key: a double tap is one complaint"),
    sa.Column('token', sa.String(), nullable=False, comment='unguessable; the link by which it is followed'),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('about', sa.String(), nullable=False, comment='the address of the page or the thing it is about'),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('phone', sa.String(), nullable=False, comment='E.164; empty once erased'),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('wish', sa.String(), nullable=False),
    sa.Column('photo', sa.String(), nullable=True, comment='private file, re-encoded, without metadata'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('received_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('acknowledged_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('since_at', UtcDateTime(timezone=True), nullable=False, comment='of the present state'),
    sa.Column('due_at', UtcDateTime(timezone=True), nullable=True, comment='by when the next step is due; the worker acts then'),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('erased_at', UtcDateTime(timezone=True), nullable=True, comment='when name, phone, texts and photo were erased'),
    sa.CheckConstraint("(state = 'settled') = (settled_at IS NOT NULL)", name=op.f('ck_complaint_settled_has_instant')),
    sa.CheckConstraint("kind IN ('goods', 'delivery', 'money', 'listing', 'privacy', 'other')", name=op.f('ck_complaint_kind_known')),
    sa.CheckConstraint("state IN ('with_cooperative', 'answered', 'escalated', 'settled')", name=op.f('ck_complaint_state_known')),
    sa.CheckConstraint("state NOT IN ('with_cooperative', 'answered') OR cooperative_id IS NOT NULL", name=op.f('ck_complaint_cooperative_known')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_complaint_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_complaint_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint')),
    sa.UniqueConstraint('key', name=op.f('uq_complaint_key')),
    sa.UniqueConstraint('token', name=op.f('uq_complaint_token'))
    )
    op.create_index(op.f('ix_complaint_cooperative_id'), 'complaint', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_complaint_order_id'), 'complaint', ['order_id'], unique=False)
    op.create_index(op.f('ix_complaint_state_due_at'), 'complaint', ['state', 'due_at'], unique=False)


def _redemption():
    op.create_table('redemption',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('voucher_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subsidy_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='who pays, as the voucher said'),
    sa.Column('amount_vnd', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('amount_vnd = CAST(amount_vnd AS BIGINT)', name=op.f('ck_redemption_amount_vnd_whole')),
    sa.CheckConstraint('amount_vnd > 0', name=op.f('ck_redemption_amount_positive')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_redemption_order_id_sale_order')),
    sa.ForeignKeyConstraint(['subsidy_id'], ['subsidy.id'], name=op.f('fk_redemption_subsidy_id_subsidy')),
    sa.ForeignKeyConstraint(['voucher_id'], ['voucher.id'], name=op.f('fk_redemption_voucher_id_voucher')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_redemption')),
    sa.UniqueConstraint('order_id', name=op.f('uq_redemption_order_id'))
    )
    op.create_index(op.f('ix_redemption_voucher_id'), 'redemption', ['voucher_id'], unique=False)
    make_immutable("redemption")


def _short_link():
    op.create_table('short_link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('channel', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('created_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("channel IN ('facebook', 'zalo', 'tiktok', 'youtube', 'poster', 'message', 'other')", name=op.f('ck_short_link_channel_known')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_short_link_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['created_by_id'], ['person_account.id'], name=op.f('fk_short_link_created_by_id_person_account')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_short_link_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_short_link')),
    sa.UniqueConstraint('code', name=op.f('uq_short_link_code')),
    sa.UniqueConstraint('product_id', 'channel', 'name', name=op.f('uq_short_link_product_id_channel_name'))
    )
    op.create_index(op.f('ix_short_link_cooperative_id'), 'short_link', ['cooperative_id'], unique=False)


def _complaint_step():
    op.create_table('complaint_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('complaint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.Integer(), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('to_state', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('role', sa.String(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_complaint_step_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['complaint_id'], ['complaint.id'], name=op.f('fk_complaint_step_complaint_id_complaint')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_complaint_step')),
    sa.UniqueConstraint('complaint_id', 'seq', name=op.f('uq_complaint_step_complaint_id_seq'))
    )


def _link_day():
    op.create_table('link_day',
    sa.Column('link_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('on_day', sa.Date(), nullable=False),
    sa.Column('click_count', sa.BigInteger(), nullable=False),
    sa.CheckConstraint('click_count = CAST(click_count AS BIGINT)', name=op.f('ck_link_day_click_count_whole')),
    sa.CheckConstraint('click_count > 0', name=op.f('ck_link_day_clicks_positive')),
    sa.ForeignKeyConstraint(['link_id'], ['short_link.id'], name=op.f('fk_link_day_link_id_short_link')),
    sa.PrimaryKeyConstraint('link_id', 'on_day', name=op.f('pk_link_day'))
    )


def _order_bundle():
    op.create_table('order_bundle',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_name', sa.String(), nullable=False),
    sa.Column('pack_label', sa.String(), nullable=False),
    sa.Column('unit_price_vnd', sa.BigInteger(), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_order_bundle_quantity_whole')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 999', name=op.f('ck_order_bundle_quantity_in_bounds')),
    sa.CheckConstraint('unit_price_vnd = CAST(unit_price_vnd AS BIGINT)', name=op.f('ck_order_bundle_unit_price_vnd_whole')),
    sa.CheckConstraint('unit_price_vnd > 0', name=op.f('ck_order_bundle_price_positive')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_order_bundle_order_id_sale_order')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_order_bundle_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_order_bundle')),
    sa.UniqueConstraint('order_id', 'pack_id', name=op.f('uq_order_bundle_order_id_pack_id'))
    )
    op.create_index(op.f('ix_order_bundle_pack_id'), 'order_bundle', ['pack_id'], unique=False)
    make_immutable("order_bundle")


def _order_source():
    op.create_table('order_source',
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('link_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['link_id'], ['short_link.id'], name=op.f('fk_order_source_link_id_short_link')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_order_source_order_id_sale_order')),
    sa.PrimaryKeyConstraint('order_id', name=op.f('pk_order_source'))
    )
    op.create_index(op.f('ix_order_source_link_id'), 'order_source', ['link_id'], unique=False)
    make_immutable("order_source")


def _order_line():
    with op.batch_alter_table("order_line") as table:
        table.drop_constraint(op.f("uq_order_line_order_id_pack_id"), type_="unique")
        table.add_column(sa.Column('bundle_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the gift box it lies in'))
        table.add_column(sa.Column('bundle_name', sa.String(), nullable=False, comment='of that box', server_default=''))
        table.create_foreign_key(op.f("fk_order_line_bundle_id_order_bundle"), "order_bundle", ['bundle_id'], ['id'])
        table.create_check_constraint(op.f("ck_order_line_in_a_named_box_or_alone"), "(bundle_id IS NULL) = (bundle_name = '')")
        table.create_unique_constraint(op.f("uq_order_line_order_id_bundle_id_pack_id_unit_price_vnd"), ['order_id', 'bundle_id', 'pack_id', 'unit_price_vnd'])
        table.create_index(op.f("ix_order_line_bundle_id"), ['bundle_id'], unique=False)
        table.create_index(op.f("uq_order_line_alone"), ['order_id', 'pack_id'], unique=True, sqlite_where=sa.text('bundle_id IS NULL'), postgresql_where=sa.text('bundle_id IS NULL'))
    with op.batch_alter_table("order_line") as table:
        table.alter_column("bundle_name", server_default=None)


def _order_line_back():
    with op.batch_alter_table("order_line") as table:
        table.drop_index(op.f("ix_order_line_bundle_id"))
        table.drop_index(op.f("uq_order_line_alone"))
        table.drop_constraint(op.f("uq_order_line_order_id_bundle_id_pack_id_unit_price_vnd"), type_="unique")
        table.drop_constraint(op.f("ck_order_line_in_a_named_box_or_alone"), type_="check")
        table.drop_constraint(op.f("fk_order_line_bundle_id_order_bundle"), type_="foreignkey")
        table.drop_column("bundle_id")
        table.drop_column("bundle_name")
        table.create_unique_constraint(op.f("uq_order_line_order_id_pack_id"), ['order_id', 'pack_id'])


def _buyer_review():
    op.create_table('buyer_review',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_line_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('stars', sa.Integer(), nullable=False),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('name', sa.String(), nullable=False, comment='as typed for the review; never copied from the order'),
    sa.Column('province', sa.String(), nullable=False, comment='of the delivery, at the time'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('held_for', sa.String(), nullable=False, comment='what a person should look at'),
    sa.Column('written_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(answered_at IS NULL) = (answer = '')", name=op.f('ck_buyer_review_answered_has_answer')),
    sa.CheckConstraint("state IN ('shown', 'held', 'removed', 'withdrawn')", name=op.f('ck_buyer_review_state_known')),
    sa.CheckConstraint('stars BETWEEN 1 AND 5', name=op.f('ck_buyer_review_one_to_five_stars')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['person_account.id'], name=op.f('fk_buyer_review_answered_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_buyer_review_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['order_line_id'], ['order_line.id'], name=op.f('fk_buyer_review_order_line_id_order_line')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_buyer_review_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_buyer_review')),
    sa.UniqueConstraint('order_line_id', name=op.f('uq_buyer_review_order_line_id'))
    )
    op.create_index(op.f('ix_buyer_review_cooperative_id_state'), 'buyer_review', ['cooperative_id', 'state'], unique=False)
    op.create_index(op.f('ix_buyer_review_product_id_state'), 'buyer_review', ['product_id', 'state'], unique=False)


def _review_report():
    op.create_table('review_report',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own: a double tap is one report"),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('reported_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("reason IN ('untrue', 'insult', 'private', 'advert', 'other')", name=op.f('ck_review_report_reason_known')),
    sa.ForeignKeyConstraint(['review_id'], ['buyer_review.id'], name=op.f('fk_review_report_review_id_buyer_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_report')),
    sa.UniqueConstraint('review_id', 'key', name=op.f('uq_review_report_review_id_key'))
    )
    op.create_index(op.f('ix_review_report_review_id'), 'review_report', ['review_id'], unique=False)
    op.create_index(op.f('ix_review_report_settled_at'), 'review_report', ['settled_at'], unique=False)


def upgrade():
    _purchase()
    _invoice_request()
    _purchase_claim()
    _subsidy()
    _sale_order()
    _voucher()
    _complaint()
    _redemption()
    _short_link()
    _complaint_step()
    _link_day()
    _order_bundle()
    _order_source()
    _order_line()
    _buyer_review()
    _review_report()


def downgrade():
    op.drop_table("review_report")
    op.drop_table("buyer_review")
    _order_line_back()
    op.drop_table("order_source")
    op.drop_table("order_bundle")
    op.drop_table("link_day")
    op.drop_table("complaint_step")
    op.drop_table("short_link")
    op.drop_table("redemption")
    op.drop_table("complaint")
    op.drop_table("voucher")
    _sale_order_back()
    op.drop_table("subsidy")
    op.drop_table("purchase_claim")
    op.drop_table("invoice_request")
    _purchase_back()
