"""The tables of traceability.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0008"
down_revision = '0007'
branch_labels = None
depends_on = None


def _crop():
    op.create_table('crop',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('name_folded', sa.String(), nullable=False),
    sa.Column('illustration', sa.String(), nullable=True, comment='name of static/img/products/<name>.svg'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_crop')),
    sa.UniqueConstraint('name', name=op.f('uq_crop_name'))
    )
    op.create_index(op.f('ix_crop_name_folded'), 'crop', ['name_folded'], unique=False)


def _log_head():
    op.create_table('log_head',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('leaf_count', sa.BigInteger(), nullable=False, comment='number of leaves'),
    sa.Column('edge', sa.String(), nullable=False, comment='hex hashes of the perfect subtrees, largest first, joined by spaces'),
    sa.CheckConstraint('leaf_count = CAST(leaf_count AS BIGINT)', name=op.f('ck_log_head_leaf_count_whole')),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_log_head'))
    )


def _log_leaf():
    op.create_table('log_leaf',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seq', sa.BigInteger(), nullable=False, comment='index of the leaf in the tree, from 0 without gaps'),
    sa.Column('salt', sa.String(length=64), nullable=False, comment='32 random bytes in hex'),
    sa.Column('leaf_hash', sa.String(length=64), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment="what the leaf covers: the event's urn:uuid"),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('length(salt) = 64 AND length(leaf_hash) = 64', name=op.f('ck_log_leaf_hashes_are_64_hex_digits')),
    sa.CheckConstraint('seq >= 0', name=op.f('ck_log_leaf_seq_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_leaf')),
    sa.UniqueConstraint('seq', name=op.f('uq_log_leaf_seq'))
    )
    make_immutable("log_leaf")


def _epcis_event():
    op.create_table('epcis_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.String(), nullable=False, comment='urn:uuid:…, random: a hash of small data can be guessed'),
    sa.Column('step', sa.String(), nullable=False, comment='our word for it: weighed, made, packed …'),
    sa.Column('type', sa.String(), nullable=False, comment='ObjectEvent or TransformationEvent'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False, comment='exact, even where the document says only the month'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment='the row it came from: slip:17, batch:3, lot:9'),
    sa.Column('document', sa.JSON(), nullable=False),
    sa.Column('leaf_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_epcis_event_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['leaf_id'], ['log_leaf.id'], name=op.f('fk_epcis_event_leaf_id_log_leaf')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_epcis_event')),
    sa.UniqueConstraint('event_id', name=op.f('uq_epcis_event_event_id')),
    sa.UniqueConstraint('leaf_id', name=op.f('uq_epcis_event_leaf_id'))
    )
    op.create_index(op.f('ix_epcis_event_cooperative_id_at'), 'epcis_event', ['cooperative_id', 'at'], unique=False)
    op.create_index(op.f('ix_epcis_event_subject'), 'epcis_event', ['subject'], unique=False)
    make_immutable("epcis_event")


def _closed_field():
    op.create_table('closed_field',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('salt', sa.String(length=64), nullable=False, comment='32 random bytes in hex'),
    sa.Column('value', sa.String(), nullable=False, comment='canonical JSON of the value'),
    sa.ForeignKeyConstraint(['event_id'], ['epcis_event.id'], name=op.f('fk_closed_field_event_id_epcis_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_closed_field')),
    sa.UniqueConstraint('event_id', 'name', name=op.f('uq_closed_field_event_id_name'))
    )


def _recipe():
    op.create_table('recipe',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('yield_min_bp', sa.Integer(), nullable=False),
    sa.Column('yield_max_bp', sa.Integer(), nullable=False),
    sa.Column('density_g_per_l', sa.Integer(), nullable=True, comment='grams a litre, so that packs in ml weigh'),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.CheckConstraint('0 < yield_min_bp AND yield_min_bp <= yield_max_bp', name=op.f('ck_recipe_yield_band')),
    sa.CheckConstraint('density_g_per_l IS NULL OR density_g_per_l BETWEEN 300 AND 3000', name=op.f('ck_recipe_density_plausible')),
    sa.CheckConstraint('yield_max_bp <= 10000', name=op.f('ck_recipe_yield_at_most_whole')),
    sa.CheckConstraint('yield_max_bp = CAST(yield_max_bp AS BIGINT)', name=op.f('ck_recipe_yield_max_bp_whole')),
    sa.CheckConstraint('yield_min_bp = CAST(yield_min_bp AS BIGINT)', name=op.f('ck_recipe_yield_min_bp_whole')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_recipe_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_recipe_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recipe')),
    sa.UniqueConstraint('cooperative_id', 'name', name=op.f('uq_recipe_cooperative_id_name'))
    )
    op.create_index(op.f('ix_recipe_product_id'), 'recipe', ['product_id'], unique=False)


def _slip():
    op.create_table('slip',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the phone's own key: a second tap gives the same slip"),
    sa.Column('number', sa.String(), nullable=False, comment='PC-26-0058: counted per cooperative and year'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('crop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('gross_g', sa.BigInteger(), nullable=False),
    sa.Column('tare_g', sa.BigInteger(), nullable=False),
    sa.Column('net_g', sa.BigInteger(), nullable=False),
    sa.Column('grade', sa.String(), nullable=False),
    sa.Column('price_vnd_per_kg', sa.BigInteger(), nullable=False),
    sa.Column('advance_vnd', sa.BigInteger(), nullable=False),
    sa.Column('weighed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('weighed_on', sa.Date(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('confirmed_how', sa.String(), nullable=False),
    sa.CheckConstraint("confirmed_how IN ('in_person', 'message', 'paper')", name=op.f('ck_slip_confirmation_known')),
    sa.CheckConstraint("grade IN ('1', '2', '3')", name=op.f('ck_slip_grade_known')),
    sa.CheckConstraint('advance_vnd = CAST(advance_vnd AS BIGINT)', name=op.f('ck_slip_advance_vnd_whole')),
    sa.CheckConstraint('gross_g = CAST(gross_g AS BIGINT)', name=op.f('ck_slip_gross_g_whole')),
    sa.CheckConstraint('net_g = CAST(net_g AS BIGINT)', name=op.f('ck_slip_net_g_whole')),
    sa.CheckConstraint('net_g = gross_g - tare_g', name=op.f('ck_slip_net_is_gross_less_tare')),
    sa.CheckConstraint('net_g > 0 AND tare_g >= 0', name=op.f('ck_slip_net_positive')),
    sa.CheckConstraint('price_vnd_per_kg = CAST(price_vnd_per_kg AS BIGINT)', name=op.f('ck_slip_price_vnd_per_kg_whole')),
    sa.CheckConstraint('price_vnd_per_kg >= 0 AND advance_vnd >= 0', name=op.f('ck_slip_money_not_negative')),
    sa.CheckConstraint('tare_g = CAST(tare_g AS BIGINT)', name=op.f('ck_slip_tare_g_whole')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_slip_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_slip_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['crop_id'], ['crop.id'], name=op.f('fk_slip_crop_id_crop')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_slip_household_id_household')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_slip_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slip')),
    sa.UniqueConstraint('cooperative_id', 'key', name=op.f('uq_slip_cooperative_id_key')),
    sa.UniqueConstraint('cooperative_id', 'number', name=op.f('uq_slip_cooperative_id_number'))
    )
    op.create_index(op.f('ix_slip_cooperative_id_weighed_on'), 'slip', ['cooperative_id', 'weighed_on'], unique=False)
    op.create_index(op.f('ix_slip_crop_id'), 'slip', ['crop_id'], unique=False)
    op.create_index(op.f('ix_slip_household_id'), 'slip', ['household_id'], unique=False)
    op.create_index(op.f('ix_slip_producer_id_weighed_on'), 'slip', ['producer_id', 'weighed_on'], unique=False)
    make_immutable("slip")


def _batch():
    op.create_table('batch',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recipe_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('input_g', sa.BigInteger(), nullable=False),
    sa.Column('output_g', sa.BigInteger(), nullable=False),
    sa.Column('loss_reason', sa.String(), nullable=False, comment="why the yield lay outside the recipe's band"),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_batch_closed_has_time')),
    sa.CheckConstraint("state IN ('open', 'closed')", name=op.f('ck_batch_state_known')),
    sa.CheckConstraint('input_g = CAST(input_g AS BIGINT)', name=op.f('ck_batch_input_g_whole')),
    sa.CheckConstraint('output_g <= input_g', name=op.f('ck_batch_no_mass_from_nothing')),
    sa.CheckConstraint('output_g = CAST(output_g AS BIGINT)', name=op.f('ck_batch_output_g_whole')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_batch_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_batch_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['recipe_id'], ['recipe.id'], name=op.f('fk_batch_recipe_id_recipe')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch')),
    sa.UniqueConstraint('cooperative_id', 'code', name=op.f('uq_batch_cooperative_id_code')),
    sa.UniqueConstraint('cooperative_id', 'key', name=op.f('uq_batch_cooperative_id_key'))
    )
    op.create_index(op.f('ix_batch_recipe_id'), 'batch', ['recipe_id'], unique=False)


def _slip_void():
    op.create_table('slip_void',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_slip_void_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['slip_id'], ['slip.id'], name=op.f('fk_slip_void_slip_id_slip')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_slip_void')),
    sa.UniqueConstraint('slip_id', name=op.f('uq_slip_void_slip_id'))
    )
    make_immutable("slip_void")


def _lot():
    op.create_table('lot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('made_on', sa.Date(), nullable=False, comment='for a planned lot, the day it is promised for'),
    sa.Column('expires_on', sa.Date(), nullable=True),
    sa.Column('output_g', sa.BigInteger(), nullable=False),
    sa.Column('bulk_g', sa.BigInteger(), nullable=False, comment='not yet packed or used; a fold over movements'),
    sa.Column('recall_reason', sa.String(), nullable=False),
    sa.Column('recalled_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(state = 'recalled') = (recalled_at IS NOT NULL)", name=op.f('ck_lot_recalled_has_time')),
    sa.CheckConstraint("kind = 'real' OR (output_g = 0 AND batch_id IS NULL)", name=op.f('ck_lot_planned_has_no_mass')),
    sa.CheckConstraint("kind IN ('real', 'planned')", name=op.f('ck_lot_kind_known')),
    sa.CheckConstraint("state IN ('open', 'recalled', 'closed')", name=op.f('ck_lot_state_known')),
    sa.CheckConstraint('bulk_g = CAST(bulk_g AS BIGINT)', name=op.f('ck_lot_bulk_g_whole')),
    sa.CheckConstraint('bulk_g >= 0 AND bulk_g <= output_g', name=op.f('ck_lot_bulk_in_output')),
    sa.CheckConstraint('expires_on IS NULL OR expires_on >= made_on', name=op.f('ck_lot_expires_after_made')),
    sa.CheckConstraint('length(code) BETWEEN 1 AND 20', name=op.f('ck_lot_code_length')),
    sa.CheckConstraint('output_g = CAST(output_g AS BIGINT)', name=op.f('ck_lot_output_g_whole')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_lot_batch_id_batch')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_lot_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_lot_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lot')),
    sa.UniqueConstraint('cooperative_id', 'code', name=op.f('uq_lot_cooperative_id_code'))
    )
    op.create_index(op.f('ix_lot_batch_id_output_g'), 'lot', ['batch_id', 'output_g'], unique=False)
    op.create_index(op.f('ix_lot_product_id_state_expires_on'), 'lot', ['product_id', 'state', 'expires_on'], unique=False)


def _batch_input():
    op.create_table('batch_input',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('batch_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slip_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('material_name', sa.String(), nullable=False),
    sa.Column('weight_g', sa.BigInteger(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(slip_id IS NOT NULL AND lot_id IS NULL AND material_name = '') OR (slip_id IS NULL AND lot_id IS NOT NULL AND material_name = '') OR (slip_id IS NULL AND lot_id IS NULL AND material_name <> '')", name=op.f('ck_batch_input_one_source')),
    sa.CheckConstraint('weight_g = CAST(weight_g AS BIGINT)', name=op.f('ck_batch_input_weight_g_whole')),
    sa.CheckConstraint('weight_g > 0', name=op.f('ck_batch_input_weight_positive')),
    sa.ForeignKeyConstraint(['batch_id'], ['batch.id'], name=op.f('fk_batch_input_batch_id_batch')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_batch_input_lot_id_lot')),
    sa.ForeignKeyConstraint(['slip_id'], ['slip.id'], name=op.f('fk_batch_input_slip_id_slip')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_batch_input')),
    sa.UniqueConstraint('lot_id', 'batch_id', name=op.f('uq_batch_input_lot_id_batch_id')),
    sa.UniqueConstraint('slip_id', 'batch_id', name=op.f('uq_batch_input_slip_id_batch_id'))
    )
    op.create_index(op.f('ix_batch_input_batch_id_lot_id_slip_id_weight_g'), 'batch_input', ['batch_id', 'lot_id', 'slip_id', 'weight_g'], unique=False)


def _event_lot():
    op.create_table('event_lot',
    sa.Column('event_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['event_id'], ['epcis_event.id'], name=op.f('fk_event_lot_event_id_epcis_event')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_event_lot_lot_id_lot')),
    sa.PrimaryKeyConstraint('event_id', 'lot_id', name=op.f('pk_event_lot'))
    )
    op.create_index(op.f('ix_event_lot_lot_id'), 'event_lot', ['lot_id'], unique=False)
    make_immutable("event_lot")


def _label_sheet():
    op.create_table('label_sheet',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the request: a double tap makes one sheet'),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('quantity', sa.Integer(), nullable=False, comment='labels'),
    sa.Column('layout', sa.String(), nullable=False, comment='name of a traceability.labels.rules.Layout'),
    sa.Column('with_price', sa.Boolean(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=True, comment='private file name of the PDF'),
    sa.Column('problem', sa.String(), nullable=True, comment='message id of what went wrong'),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.CheckConstraint("(state = 'ready') = (file IS NOT NULL)", name=op.f('ck_label_sheet_ready_has_file')),
    sa.CheckConstraint("state IN ('pending', 'ready', 'failed')", name=op.f('ck_label_sheet_state_known')),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_label_sheet_quantity_whole')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 1000', name=op.f('ck_label_sheet_quantity_1_to_1000')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_label_sheet_lot_id_lot')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person_account.id'], name=op.f('fk_label_sheet_made_by_id_person_account')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_label_sheet_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_label_sheet')),
    sa.UniqueConstraint('key', name=op.f('uq_label_sheet_key'))
    )
    op.create_index(op.f('ix_label_sheet_lot_id'), 'label_sheet', ['lot_id'], unique=False)
    op.create_index(op.f('ix_label_sheet_made_by_id'), 'label_sheet', ['made_by_id'], unique=False)
    op.create_index(op.f('ix_label_sheet_pack_id'), 'label_sheet', ['pack_id'], unique=False)
    op.create_index(op.f('ix_label_sheet_work_state'), 'label_sheet', ['work_state'], unique=False)


def _movement():
    op.create_table('movement',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('place', sa.String(), nullable=True),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('on_hand_change', sa.BigInteger(), nullable=False),
    sa.Column('reserved_change', sa.BigInteger(), nullable=False),
    sa.Column('bulk_change_g', sa.BigInteger(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('ref', sa.String(), nullable=False, comment='what it was for: line:17, batch:3'),
    sa.CheckConstraint("kind IN ('made', 'used', 'unused', 'packed', 'planned', 'reserved', 'released', 'sold', 'fulfilled', 'counted', 'lost', 'sample', 'sold_outside', 'moved', 'returned', 'restocked', 'destroyed', 'recalled')", name=op.f('ck_movement_kind_known')),
    sa.CheckConstraint('(pack_id IS NULL) = (place IS NULL)', name=op.f('ck_movement_pack_has_place')),
    sa.CheckConstraint('bulk_change_g = CAST(bulk_change_g AS BIGINT)', name=op.f('ck_movement_bulk_change_g_whole')),
    sa.CheckConstraint('on_hand_change <> 0 OR reserved_change <> 0 OR bulk_change_g <> 0', name=op.f('ck_movement_changes_something')),
    sa.CheckConstraint('on_hand_change = CAST(on_hand_change AS BIGINT)', name=op.f('ck_movement_on_hand_change_whole')),
    sa.CheckConstraint('pack_id IS NOT NULL OR (on_hand_change = 0 AND reserved_change = 0)', name=op.f('ck_movement_bulk_no_packs')),
    sa.CheckConstraint('reserved_change = CAST(reserved_change AS BIGINT)', name=op.f('ck_movement_reserved_change_whole')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_movement_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_movement_lot_id_lot')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_movement_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_movement'))
    )
    op.create_index(op.f('ix_movement_lot_id_pack_id_place'), 'movement', ['lot_id', 'pack_id', 'place'], unique=False)
    op.create_index(op.f('ix_movement_pack_id'), 'movement', ['pack_id'], unique=False)
    op.create_index('ix_movement_ref', 'movement', ['ref'], unique=False, sqlite_where=sa.text("ref <> ''"), postgresql_where=sa.text("ref <> ''"))
    make_immutable("movement")


def _stock():
    op.create_table('stock',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(), nullable=False),
    sa.Column('on_hand', sa.BigInteger(), nullable=False),
    sa.Column('reserved', sa.BigInteger(), nullable=False),
    sa.CheckConstraint("place = 'store' OR reserved = 0", name=op.f('ck_stock_only_the_store_reserves')),
    sa.CheckConstraint("place IN ('store', 'quarantine', 'stall')", name=op.f('ck_stock_place_known')),
    sa.CheckConstraint('0 <= reserved AND reserved <= on_hand', name=op.f('ck_stock_reserved_within_on_hand')),
    sa.CheckConstraint('on_hand = CAST(on_hand AS BIGINT)', name=op.f('ck_stock_on_hand_whole')),
    sa.CheckConstraint('reserved = CAST(reserved AS BIGINT)', name=op.f('ck_stock_reserved_whole')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_stock_lot_id_lot')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_stock_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_stock')),
    sa.UniqueConstraint('lot_id', 'pack_id', 'place', name=op.f('uq_stock_lot_id_pack_id_place'))
    )
    op.create_index(op.f('ix_stock_pack_id_place'), 'stock', ['pack_id', 'place'], unique=False)


def upgrade():
    _crop()
    _log_head()
    _log_leaf()
    _epcis_event()
    _closed_field()
    _recipe()
    _slip()
    _batch()
    _slip_void()
    _lot()
    _batch_input()
    _event_lot()
    _label_sheet()
    _movement()
    _stock()


def downgrade():
    op.drop_table("stock")
    op.drop_table("movement")
    op.drop_table("label_sheet")
    op.drop_table("event_lot")
    op.drop_table("batch_input")
    op.drop_table("lot")
    op.drop_table("slip_void")
    op.drop_table("batch")
    op.drop_table("slip")
    op.drop_table("recipe")
    op.drop_table("closed_field")
    op.drop_table("epcis_event")
    op.drop_table("log_leaf")
    op.drop_table("log_head")
    op.drop_table("crop")
