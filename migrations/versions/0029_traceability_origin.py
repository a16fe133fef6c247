"""What origin that anyone can check adds to traceability.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import keep_immutable, make_immutable

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def _log_key():
    op.create_table('log_key',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('vkey', sa.String(), nullable=False, comment='C2SP verifier key: name+id+key'),
    sa.Column('from_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('until_at', UtcDateTime(timezone=True), nullable=True, comment='when another key took over'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_key')),
    sa.UniqueConstraint('vkey', name=op.f('uq_log_key_vkey'))
    )


def _log_leaf():
    with op.batch_alter_table("log_leaf") as table:
        table.add_column(sa.Column('commitment', sa.String(length=64), nullable=True, comment='the public entry, hex; none in leaves made before entries were published'))
    keep_immutable("log_leaf")


def _log_leaf_back():
    with op.batch_alter_table("log_leaf") as table:
        table.drop_column("commitment")
    keep_immutable("log_leaf")


def _log_tile():
    op.create_table('log_tile',
    sa.Column('level', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('n', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('head', sa.String(length=64), nullable=False, comment='head over the tile: one hash of the next level'),
    sa.Column('hashes', sa.LargeBinary(), nullable=False, comment='8192 bytes'),
    sa.CheckConstraint('level >= 0 AND n >= 0', name=op.f('ck_log_tile_place_not_negative')),
    sa.PrimaryKeyConstraint('level', 'n', name=op.f('pk_log_tile'))
    )
    make_immutable("log_tile")


def _number_count():
    op.create_table('number_count',
    sa.Column('prefix', sa.String(), nullable=False, comment='digits that its numbers begin with'),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('used_count', sa.BigInteger(), nullable=False, comment='the place that comes next'),
    sa.CheckConstraint("kind IN ('gtin', 'gln', 'sscc')", name=op.f('ck_number_count_kind_known')),
    sa.CheckConstraint('used_count = CAST(used_count AS BIGINT)', name=op.f('ck_number_count_used_count_whole')),
    sa.PrimaryKeyConstraint('prefix', 'kind', name=op.f('pk_number_count'))
    )


def _log_checkpoint():
    op.create_table('log_checkpoint',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('size', sa.BigInteger(), nullable=False),
    sa.Column('root', sa.String(length=64), nullable=False),
    sa.Column('key_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('note', sa.String(), nullable=False, comment='C2SP signed note with our signature'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['key_id'], ['log_key.id'], name=op.f('fk_log_checkpoint_key_id_log_key')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_checkpoint')),
    sa.UniqueConstraint('size', 'key_id', name=op.f('uq_log_checkpoint_size_key_id'))
    )
    make_immutable("log_checkpoint")


def _log_seal():
    op.create_table('log_seal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('noun', sa.String(), nullable=False, comment='name of the table'),
    sa.Column('first_id', sa.BigInteger(), nullable=False),
    sa.Column('last_id', sa.BigInteger(), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False),
    sa.Column('columns', sa.String(), nullable=False, comment='names of the columns that are covered, by spaces'),
    sa.Column('leaf_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('first_id <= last_id', name=op.f('ck_log_seal_from_first_to_last')),
    sa.ForeignKeyConstraint(['leaf_id'], ['log_leaf.id'], name=op.f('fk_log_seal_leaf_id_log_leaf')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_seal')),
    sa.UniqueConstraint('leaf_id', name=op.f('uq_log_seal_leaf_id')),
    sa.UniqueConstraint('noun', 'first_id', 'revision', name=op.f('uq_log_seal_noun_first_id_revision'))
    )
    make_immutable("log_seal")


def _log_cosignature():
    op.create_table('log_cosignature',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('checkpoint_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('vkey', sa.String(), nullable=False),
    sa.Column('line', sa.String(), nullable=False, comment='the signature line, without its newline'),
    sa.Column('signed_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['checkpoint_id'], ['log_checkpoint.id'], name=op.f('fk_log_cosignature_checkpoint_id_log_checkpoint')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_log_cosignature')),
    sa.UniqueConstraint('checkpoint_id', 'vkey', name=op.f('uq_log_cosignature_checkpoint_id_vkey'))
    )
    make_immutable("log_cosignature")


def _company_prefix():
    op.create_table('company_prefix',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('digits', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('licence', sa.String(), nullable=False, comment="number of GS1's certificate, as printed"),
    sa.Column('document', sa.String(), nullable=False, comment='private file name of its scan'),
    sa.Column('checked_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('registered_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('withdrawn_at', UtcDateTime(timezone=True), nullable=True, comment='since when nothing more is given; old numbers stay'),
    sa.CheckConstraint('length(digits) BETWEEN 7 AND 10', name=op.f('ck_company_prefix_digits_7_to_10')),
    sa.ForeignKeyConstraint(['checked_by_id'], ['person_account.id'], name=op.f('fk_company_prefix_checked_by_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_company_prefix_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_company_prefix')),
    sa.UniqueConstraint('digits', name=op.f('uq_company_prefix_digits'))
    )
    op.create_index('uq_company_prefix_in_use', 'company_prefix', ['cooperative_id'], unique=True, sqlite_where=sa.text('withdrawn_at IS NULL'), postgresql_where=sa.text('withdrawn_at IS NULL'))


def _epcis_event():
    with op.batch_alter_table("epcis_event") as table:
        table.add_column(sa.Column('hash', sa.String(), nullable=True, comment='CBV 2.0; never shown where fields are closed; none on rows older than it'))
    keep_immutable("epcis_event")


def _epcis_event_back():
    with op.batch_alter_table("epcis_event") as table:
        table.drop_column("hash")
    keep_immutable("epcis_event")


def _epcis_key():
    op.create_table('epcis_key',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False, comment="who holds it: the supermarket's system, the state's gateway"),
    sa.Column('key_hash', sa.String(length=64), nullable=False, comment='of 32 random bytes: no slow hash needed'),
    sa.Column('hint', sa.String(), nullable=False, comment='its first characters, to know it by'),
    sa.Column('form_key', sa.String(), nullable=False, comment='a second tap makes no second key'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('revoked_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(key_hash) = 64', name=op.f('ck_epcis_key_hash_is_64_hex_digits')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_epcis_key_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_epcis_key_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_epcis_key')),
    sa.UniqueConstraint('form_key', name=op.f('uq_epcis_key_form_key')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_epcis_key_key_hash'))
    )
    op.create_index(op.f('ix_epcis_key_cooperative_id'), 'epcis_key', ['cooperative_id'], unique=False)


def _epcis_query():
    op.create_table('epcis_query',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('definition', sa.JSON(), nullable=False),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_epcis_query_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_epcis_query')),
    sa.UniqueConstraint('cooperative_id', 'name', name=op.f('uq_epcis_query_cooperative_id_name'))
    )


def _given_number():
    op.create_table('given_number',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('number', sa.String(), nullable=False, comment='13 digits, 18 of an SSCC'),
    sa.Column('prefix', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment='pack:17, place:3, unit:5'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind IN ('gtin', 'gln', 'sscc')", name=op.f('ck_given_number_kind_known')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_given_number_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_given_number_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_given_number')),
    sa.UniqueConstraint('kind', 'number', name=op.f('uq_given_number_kind_number'))
    )
    op.create_index(op.f('ix_given_number_cooperative_id_kind'), 'given_number', ['cooperative_id', 'kind'], unique=False)
    make_immutable("given_number")


def _logistic_unit():
    op.create_table('logistic_unit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the request: a double tap makes one unit'),
    sa.Column('sscc', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_logistic_unit_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_logistic_unit_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_logistic_unit')),
    sa.UniqueConstraint('key', name=op.f('uq_logistic_unit_key')),
    sa.UniqueConstraint('sscc', name=op.f('uq_logistic_unit_sscc'))
    )
    op.create_index(op.f('ix_logistic_unit_cooperative_id_made_at'), 'logistic_unit', ['cooperative_id', 'made_at'], unique=False)


def _numbered_place():
    op.create_table('numbered_place',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('gln', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_numbered_place_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_numbered_place')),
    sa.UniqueConstraint('cooperative_id', name=op.f('uq_numbered_place_cooperative_id')),
    sa.UniqueConstraint('gln', name=op.f('uq_numbered_place_gln'))
    )


def _plausible_yield():
    op.create_table('plausible_yield',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('most_g', sa.Integer(), nullable=False, comment='grams of fresh harvest a square metre and year'),
    sa.Column('source', sa.String(), nullable=False, comment='who says so: extension officer, own count of 2025 …'),
    sa.CheckConstraint('length(source) > 0', name=op.f('ck_plausible_yield_source_said')),
    sa.CheckConstraint('most_g = CAST(most_g AS BIGINT)', name=op.f('ck_plausible_yield_most_g_whole')),
    sa.CheckConstraint('most_g > 0', name=op.f('ck_plausible_yield_yield_positive')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_plausible_yield_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['crop_id'], ['crop.id'], name=op.f('fk_plausible_yield_crop_id_crop')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plausible_yield')),
    sa.UniqueConstraint('cooperative_id', 'crop_id', 'from_on', name=op.f('uq_plausible_yield_cooperative_id_crop_id_from_on'))
    )


def _epcis_capture():
    op.create_table('epcis_capture',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('capture_id', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('error_behaviour', sa.String(), nullable=False),
    sa.Column('success', sa.Boolean(), nullable=False),
    sa.Column('errors', sa.JSON(), nullable=False, comment='problem details (RFC 7807)'),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('finished_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("error_behaviour IN ('rollback', 'proceed')", name=op.f('ck_epcis_capture_behaviour_known')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_epcis_capture_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['key_id'], ['epcis_key.id'], name=op.f('fk_epcis_capture_key_id_epcis_key')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_epcis_capture')),
    sa.UniqueConstraint('capture_id', name=op.f('uq_epcis_capture_capture_id'))
    )
    op.create_index(op.f('ix_epcis_capture_cooperative_id_created_at'), 'epcis_capture', ['cooperative_id', 'created_at'], unique=False)
    make_immutable("epcis_capture")


def _plot():
    op.create_table('plot',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('producer_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('crop_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False, comment='as people call it: ruộng Nà Pò'),
    sa.Column('area_m2', sa.Integer(), nullable=False),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True, comment='first day on which it no longer holds'),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('area_m2 > 0 AND area_m2 = CAST(area_m2 AS BIGINT)', name=op.f('ck_plot_area_positive')),
    sa.CheckConstraint('to_on IS NULL OR to_on > from_on', name=op.f('ck_plot_ends_after_it_begins')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_plot_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_plot_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['crop_id'], ['crop.id'], name=op.f('fk_plot_crop_id_crop')),
    sa.ForeignKeyConstraint(['producer_id'], ['producer.id'], name=op.f('fk_plot_producer_id_producer')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_plot')),
    sa.UniqueConstraint('cooperative_id', 'name', name=op.f('uq_plot_cooperative_id_name'))
    )
    op.create_index(op.f('ix_plot_producer_id_crop_id'), 'plot', ['producer_id', 'crop_id'], unique=False)


def _case_number():
    op.create_table('case_number',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pieces', sa.Integer(), nullable=False),
    sa.Column('gtin', sa.String(), nullable=False),
    sa.CheckConstraint('pieces BETWEEN 2 AND 10000', name=op.f('ck_case_number_pieces_plausible')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_case_number_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_number')),
    sa.UniqueConstraint('gtin', name=op.f('uq_case_number_gtin')),
    sa.UniqueConstraint('pack_id', 'pieces', name=op.f('uq_case_number_pack_id_pieces'))
    )


def _epcis_entry():
    op.create_table('epcis_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event_id', sa.String(), nullable=False),
    sa.Column('place', sa.String(), nullable=False, comment='orders events of one moment: the eventID, and which copy it is'),
    sa.Column('errored', sa.Boolean(), nullable=False, comment='the copy that says it was an error'),
    sa.Column('own_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('capture_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('document', sa.JSON(none_as_null=True), nullable=True, comment='as it came, with the context of its document'),
    sa.Column('hash', sa.String(), nullable=False, comment='CBV 2.0; of an event of ours with closed fields never shown'),
    sa.Column('type', sa.String(), nullable=False),
    sa.Column('event_time', UtcDateTime(timezone=True), nullable=False, comment='as the document says it: of one family, its month'),
    sa.Column('record_time', UtcDateTime(timezone=True), nullable=False, comment='of ours the same, so that no day can be guessed'),
    sa.CheckConstraint('(own_id IS NULL) = (capture_id IS NOT NULL)', name=op.f('ck_epcis_entry_captured_by_a_job')),
    sa.CheckConstraint('(own_id IS NULL) = (document IS NOT NULL)', name=op.f('ck_epcis_entry_own_or_captured')),
    sa.ForeignKeyConstraint(['capture_id'], ['epcis_capture.id'], name=op.f('fk_epcis_entry_capture_id_epcis_capture')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_epcis_entry_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['own_id'], ['epcis_event.id'], name=op.f('fk_epcis_entry_own_id_epcis_event')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_epcis_entry')),
    sa.UniqueConstraint('cooperative_id', 'event_id', 'errored', name=op.f('uq_epcis_entry_cooperative_id_event_id_errored')),
    sa.UniqueConstraint('own_id', name=op.f('uq_epcis_entry_own_id'))
    )
    op.create_index(op.f('ix_epcis_entry_capture_id'), 'epcis_entry', ['capture_id'], unique=False)
    op.create_index(op.f('ix_epcis_entry_event_id'), 'epcis_entry', ['event_id'], unique=False)
    op.create_index(op.f('ix_epcis_entry_event_time_place'), 'epcis_entry', ['event_time', 'place'], unique=False)
    op.create_index(op.f('ix_epcis_entry_hash'), 'epcis_entry', ['hash'], unique=False)
    op.create_index(op.f('ix_epcis_entry_record_time_place'), 'epcis_entry', ['record_time', 'place'], unique=False)
    make_immutable("epcis_entry")


def _epcis_term():
    op.create_table('epcis_term',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('entry_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('field', sa.String(), nullable=False, comment='epc, inputEPCClass, bizStep, readPoint …'),
    sa.Column('value', sa.String(), nullable=False),
    sa.Column('amount', sa.Float(), nullable=True, comment='of a class, as the event says it; no money'),
    sa.ForeignKeyConstraint(['entry_id'], ['epcis_entry.id'], name=op.f('fk_epcis_term_entry_id_epcis_entry')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_epcis_term'))
    )
    op.create_index(op.f('ix_epcis_term_entry_id'), 'epcis_term', ['entry_id'], unique=False)
    op.create_index(op.f('ix_epcis_term_field_value'), 'epcis_term', ['field', 'value'], unique=False)
    op.create_index(op.f('ix_epcis_term_value_field'), 'epcis_term', ['value', 'field'], unique=False)
    make_immutable("epcis_term")


def _batch_input():
    with op.batch_alter_table("batch_input") as table:
        table.create_index(op.f("ix_batch_input_material"), ['material_name', 'batch_id'], unique=False, sqlite_where=sa.text("material_name <> ''"), postgresql_where=sa.text("material_name <> ''"))


def _batch_input_back():
    with op.batch_alter_table("batch_input") as table:
        table.drop_index(op.f("ix_batch_input_material"))


def _label_sheet():
    with op.batch_alter_table("label_sheet") as table:
        table.add_column(sa.Column('reprint_of_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        table.add_column(sa.Column('reprint_reason', sa.String(), nullable=False, comment='why the same labels were printed again', server_default=''))
        table.add_column(sa.Column('voided_at', UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('void_reason', sa.String(), nullable=False, comment='why these labels count no more', server_default=''))
        table.add_column(sa.Column('voided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        table.create_foreign_key(op.f("fk_label_sheet_reprint_of_id_label_sheet"), "label_sheet", ['reprint_of_id'], ['id'])
        table.create_foreign_key(op.f("fk_label_sheet_voided_by_id_person_account"), "person_account", ['voided_by_id'], ['id'])
        table.create_check_constraint(op.f("ck_label_sheet_reprint_has_reason"), "(reprint_of_id IS NULL) = (reprint_reason = '')")
        table.create_check_constraint(op.f("ck_label_sheet_void_has_reason"), "(voided_at IS NULL) = (void_reason = '')")
    with op.batch_alter_table("label_sheet") as table:
        table.alter_column("reprint_reason", server_default=None)
        table.alter_column("void_reason", server_default=None)


def _label_sheet_back():
    with op.batch_alter_table("label_sheet") as table:
        table.drop_constraint(op.f("ck_label_sheet_reprint_has_reason"), type_="check")
        table.drop_constraint(op.f("ck_label_sheet_void_has_reason"), type_="check")
        table.drop_constraint(op.f("fk_label_sheet_reprint_of_id_label_sheet"), type_="foreignkey")
        table.drop_constraint(op.f("fk_label_sheet_voided_by_id_person_account"), type_="foreignkey")
        table.drop_column("reprint_of_id")
        table.drop_column("reprint_reason")
        table.drop_column("voided_at")
        table.drop_column("void_reason")
        table.drop_column("voided_by_id")


def _unit_content():
    op.create_table('unit_content',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pieces', sa.Integer(), nullable=False),
    sa.CheckConstraint('pieces BETWEEN 1 AND 100000', name=op.f('ck_unit_content_pieces_plausible')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_unit_content_lot_id_lot')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_unit_content_pack_id_pack')),
    sa.ForeignKeyConstraint(['unit_id'], ['logistic_unit.id'], name=op.f('fk_unit_content_unit_id_logistic_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit_content')),
    sa.UniqueConstraint('unit_id', 'lot_id', 'pack_id', name=op.f('uq_unit_content_unit_id_lot_id_pack_id'))
    )
    op.create_index(op.f('ix_unit_content_lot_id'), 'unit_content', ['lot_id'], unique=False)
    make_immutable("unit_content")


def upgrade():
    _log_key()
    _log_leaf()
    _log_tile()
    _number_count()
    _log_checkpoint()
    _log_seal()
    _log_cosignature()
    _company_prefix()
    _epcis_event()
    _epcis_key()
    _epcis_query()
    _given_number()
    _logistic_unit()
    _numbered_place()
    _plausible_yield()
    _epcis_capture()
    _plot()
    _case_number()
    _epcis_entry()
    _epcis_term()
    _batch_input()
    _label_sheet()
    _unit_content()


def downgrade():
    op.drop_table("unit_content")
    _label_sheet_back()
    _batch_input_back()
    op.drop_table("epcis_term")
    op.drop_table("epcis_entry")
    op.drop_table("case_number")
    op.drop_table("plot")
    op.drop_table("epcis_capture")
    op.drop_table("plausible_yield")
    op.drop_table("numbered_place")
    op.drop_table("logistic_unit")
    op.drop_table("given_number")
    op.drop_table("epcis_query")
    op.drop_table("epcis_key")
    _epcis_event_back()
    op.drop_table("company_prefix")
    op.drop_table("log_cosignature")
    op.drop_table("log_seal")
    op.drop_table("log_checkpoint")
    op.drop_table("number_count")
    op.drop_table("log_tile")
    _log_leaf_back()
    op.drop_table("log_key")
