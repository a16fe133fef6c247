"""The tables that the shop that sells adds to catalog.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def _search_build():
    op.create_table('search_build',
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('build', sa.BigInteger(), nullable=False),
    sa.Column('running', sa.Boolean(), nullable=False),
    sa.Column('stamp', sa.String(), nullable=False, comment='what the goods were when it was made'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=True),
    sa.PrimaryKeyConstraint('name', name=op.f('pk_search_build'))
    )


def _search_suggestion():
    op.create_table('search_suggestion',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('build', sa.Integer(), nullable=False),
    sa.Column('key', sa.String().with_variant(sa.String(collation='C'), 'postgresql'), nullable=False),
    sa.Column('rank', sa.Integer(), nullable=False, comment='higher is better'),
    sa.Column('kind', sa.String(), nullable=False, comment='category, product, cooperative, place or tradition'),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('text_en', sa.String(), nullable=False),
    sa.Column('href', sa.String(), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='goes with this product'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_search_suggestion'))
    )
    op.create_index('ix_search_suggestion_key', 'search_suggestion', ['build', 'key', 'rank'], unique=False)
    op.create_index(op.f('ix_search_suggestion_product_id'), 'search_suggestion', ['product_id'], unique=False)


def _collection():
    op.create_table('collection',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('slug', sa.String(), nullable=False, comment='in /collections/<slug>; never changes'),
    sa.Column('title', sa.String(), nullable=False),
    sa.Column('title_en', sa.String(), nullable=False),
    sa.Column('intro', sa.String(), nullable=False),
    sa.Column('intro_en', sa.String(), nullable=False),
    sa.Column('illustration', sa.String(), nullable=False, comment='static/img/products/<name>.svg'),
    sa.Column('rule', sa.String(), nullable=False),
    sa.Column('category_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('from_on', sa.Date(), nullable=False),
    sa.Column('to_on', sa.Date(), nullable=True, comment='last day on which it stands'),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint("(rule = 'category') = (category_id IS NOT NULL)", name=op.f('ck_collection_category_rule_names_one')),
    sa.CheckConstraint("rule IN ('listed', 'ocop', 'boxes', 'category')", name=op.f('ck_collection_rule_known')),
    sa.CheckConstraint('position = CAST(position AS BIGINT)', name=op.f('ck_collection_position_whole')),
    sa.CheckConstraint('to_on IS NULL OR to_on >= from_on', name=op.f('ck_collection_ends_after_start')),
    sa.ForeignKeyConstraint(['category_id'], ['category.id'], name=op.f('fk_collection_category_id_category')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collection')),
    sa.UniqueConstraint('slug', name=op.f('uq_collection_slug'))
    )
    op.create_index(op.f('ix_collection_category_id'), 'collection', ['category_id'], unique=False)


def _listing_help():
    op.create_table('listing_help',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('helper_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agreed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agreed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('until_on', sa.Date(), nullable=False, comment='last day of the help'),
    sa.Column('ended_at', UtcDateTime(timezone=True), nullable=True, comment='the manager ended it before'),
    sa.CheckConstraint('agreed_by_user_id <> helper_user_id', name=op.f('ck_listing_help_two_people')),
    sa.ForeignKeyConstraint(['agreed_by_user_id'], ['person_account.id'], name=op.f('fk_listing_help_agreed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_listing_help_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['helper_user_id'], ['person_account.id'], name=op.f('fk_listing_help_helper_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_listing_help'))
    )
    op.create_index(op.f('ix_listing_help_cooperative_id'), 'listing_help', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_listing_help_helper_user_id'), 'listing_help', ['helper_user_id'], unique=False)


def _sheet_heading():
    op.create_table('sheet_heading',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('heading', sa.String(), nullable=False, comment='rules.heading_key'),
    sa.Column('column_key', sa.String(), nullable=False, comment='of rules.COLUMNS, or empty: not read'),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_sheet_heading_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_heading')),
    sa.UniqueConstraint('cooperative_id', 'heading', name=op.f('uq_sheet_heading_cooperative_id_heading'))
    )


def _sheet_import():
    op.create_table('sheet_import',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the form: sent twice is one import'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('sheet_file', sa.String(), nullable=False, comment='private file as sent'),
    sa.Column('photos_file', sa.String(), nullable=True, comment='private ZIP of pictures'),
    sa.Column('sheet_name', sa.String(), nullable=False, comment='which sheet of the workbook'),
    sa.Column('heading_no', sa.Integer(), nullable=False, comment='the row of the headings'),
    sa.Column('found', sa.JSON(), nullable=False, comment='headings, samples, guesses, other sheets, notes'),
    sa.Column('columns', sa.JSON(), nullable=False, comment='[key, unit] of each column, as chosen'),
    sa.Column('error', sa.JSON(), nullable=True, comment='why it was refused: text, remedy, params'),
    sa.Column('row_count', sa.Integer(), nullable=False),
    sa.Column('done_count', sa.Integer(), nullable=False, comment='rows taken so far'),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('accepted_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.CheckConstraint("state IN ('reading', 'refused', 'columns', 'checking', 'preview', 'applying', 'done', 'dropped')", name=op.f('ck_sheet_import_state_known')),
    sa.CheckConstraint("state NOT IN ('applying', 'done') OR accepted_at IS NOT NULL", name=op.f('ck_sheet_import_applied_was_accepted')),
    sa.CheckConstraint('done_count = CAST(done_count AS BIGINT)', name=op.f('ck_sheet_import_done_count_whole')),
    sa.CheckConstraint('heading_no = CAST(heading_no AS BIGINT)', name=op.f('ck_sheet_import_heading_no_whole')),
    sa.CheckConstraint('row_count = CAST(row_count AS BIGINT)', name=op.f('ck_sheet_import_row_count_whole')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_sheet_import_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_sheet_import_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_import')),
    sa.UniqueConstraint('key', name=op.f('uq_sheet_import_key'))
    )
    op.create_index(op.f('ix_sheet_import_cooperative_id'), 'sheet_import', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_sheet_import_work_state'), 'sheet_import', ['work_state'], unique=False)


def _suspension_notice():
    op.create_table('suspension_notice',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('document_number', sa.String(), nullable=False, comment='of an authority that asks for it at once'),
    sa.Column('given_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('given_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('effective_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'given') = (settled_at IS NULL)", name=op.f('ck_suspension_notice_settled_has_instant')),
    sa.CheckConstraint("state IN ('given', 'done', 'withdrawn')", name=op.f('ck_suspension_notice_state_known')),
    sa.CheckConstraint('effective_at >= given_at', name=op.f('ck_suspension_notice_effective_after_notice')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_suspension_notice_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['given_by_id'], ['person_account.id'], name=op.f('fk_suspension_notice_given_by_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_suspension_notice')),
    sa.UniqueConstraint('key', name=op.f('uq_suspension_notice_key'))
    )
    op.create_index(op.f('ix_suspension_notice_cooperative_id'), 'suspension_notice', ['cooperative_id'], unique=False)
    op.create_index(op.f('ix_suspension_notice_effective_at'), 'suspension_notice', ['effective_at'], unique=False)
    op.create_index('uq_suspension_notice_open', 'suspension_notice', ['cooperative_id'], unique=True, sqlite_where=sa.text("state = 'given'"), postgresql_where=sa.text("state = 'given'"))


def _card_picture():
    op.create_table('card_picture',
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('file', sa.String(), nullable=True),
    sa.Column('drawn_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_card_picture_product_id_product')),
    sa.PrimaryKeyConstraint('product_id', name=op.f('pk_card_picture'))
    )


def _clip():
    op.create_table('clip',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('film', sa.String(), nullable=True, comment="the provider's own number of the film, 'user/number' at TikTok"),
    sa.Column('file', sa.String(), nullable=True, comment='public file, its position blanked out'),
    sa.Column('length_ms', sa.BigInteger(), nullable=True, comment="as the file's head says"),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("(kind = 'file') = (file IS NOT NULL)", name=op.f('ck_clip_a_file_has_its_file')),
    sa.CheckConstraint("(kind = 'file') = (film IS NULL)", name=op.f('ck_clip_a_link_has_its_film')),
    sa.CheckConstraint("kind IN ('youtube', 'tiktok', 'file')", name=op.f('ck_clip_kind_known')),
    sa.CheckConstraint('length_ms IS NULL OR length_ms BETWEEN 1 AND 31000', name=op.f('ck_clip_length_short')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_clip_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clip')),
    sa.UniqueConstraint('product_id', name=op.f('uq_clip_product_id'))
    )


def _collection_product():
    op.create_table('collection_product',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('collection_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('position', sa.Integer(), nullable=False),
    sa.CheckConstraint('position = CAST(position AS BIGINT)', name=op.f('ck_collection_product_position_whole')),
    sa.ForeignKeyConstraint(['collection_id'], ['collection.id'], name=op.f('fk_collection_product_collection_id_collection')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_collection_product_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_collection_product')),
    sa.UniqueConstraint('collection_id', 'product_id', name=op.f('uq_collection_product_collection_id_product_id'))
    )
    op.create_index(op.f('ix_collection_product_product_id'), 'collection_product', ['product_id'], unique=False)


def _question():
    op.create_table('question',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own: a double tap is one question"),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('name', sa.String(), nullable=False, comment='as the asker wants to be called'),
    sa.Column('phone', sa.String(), nullable=False, comment='E.164, to be told the answer; emptied a year after it'),
    sa.Column('text', sa.String(), nullable=False),
    sa.Column('language', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('held_for', sa.String(), nullable=False, comment='what a person should look at'),
    sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("state <> 'answered' OR (answered_at IS NOT NULL AND answer <> '')", name=op.f('ck_question_answer_in_full')),
    sa.CheckConstraint("state IN ('open', 'held', 'answered', 'removed')", name=op.f('ck_question_state_known')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['person_account.id'], name=op.f('fk_question_answered_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_question_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_question_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question')),
    sa.UniqueConstraint('key', name=op.f('uq_question_key'))
    )
    op.create_index(op.f('ix_question_cooperative_id_state'), 'question', ['cooperative_id', 'state'], unique=False)
    op.create_index(op.f('ix_question_product_id_state'), 'question', ['product_id', 'state'], unique=False)


def _search_entry():
    op.create_table('search_entry',
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('seller', sa.String(), nullable=False, comment='name and tradition as indexed; differs after a renaming'),
    sa.Column('name', sa.String(), nullable=False, comment='words of the name, with marks'),
    sa.Column('folded', sa.String(), nullable=False, comment='the same without marks'),
    sa.Column('about', sa.String(), nullable=False, comment='folded words of kind, seller, tradition, places old and new'),
    sa.Column('facets', sa.String(), nullable=False, comment='tokens that are counted; see catalog.search.facets'),
    sa.Column('sizes', sa.String(), nullable=False, comment="tokens of its packs' net quantities"),
    sa.Column('price_vnd', sa.BigInteger(), nullable=False, comment='of the lead pack'),
    sa.Column('harvest_months', sa.Integer(), nullable=False, comment='bit 0 January … bit 11 December'),
    sa.Column('sellable_until', sa.Date(), nullable=True, comment='last day on which a pack can be sold'),
    sa.Column('published_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('price_vnd = CAST(price_vnd AS BIGINT)', name=op.f('ck_search_entry_price_vnd_whole')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_search_entry_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_search_entry_product_id_product')),
    sa.PrimaryKeyConstraint('product_id', name=op.f('pk_search_entry'))
    )
    op.create_index('ix_search_entry_cheapest', 'search_entry', ['price_vnd', 'product_id'], unique=False)
    op.create_index(op.f('ix_search_entry_cooperative_id'), 'search_entry', ['cooperative_id'], unique=False)
    op.create_index('ix_search_entry_newest', 'search_entry', ['published_at', 'product_id'], unique=False)


def _takedown():
    op.create_table('takedown',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own key: a double tap is one request"),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('authority', sa.String(), nullable=False, comment='who asked'),
    sa.Column('document_number', sa.String(), nullable=False),
    sa.Column('document_on', sa.Date(), nullable=False),
    sa.Column('reason', sa.String(), nullable=False, comment='the cooperative reads exactly this'),
    sa.Column('received_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_at', UtcDateTime(timezone=True), nullable=False, comment='24 hours after receipt (a setting)'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('down_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('automatic', sa.Boolean(), nullable=False, comment='taken down by the worker, since nobody had acted'),
    sa.Column('appeal', sa.String(), nullable=False),
    sa.Column('appealed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('answer', sa.String(), nullable=False),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'asked') = (down_at IS NULL)", name=op.f('ck_takedown_down_has_instant')),
    sa.CheckConstraint("state <> 'appealed' OR appealed_at IS NOT NULL", name=op.f('ck_takedown_appeal_has_instant')),
    sa.CheckConstraint("state IN ('asked', 'down', 'appealed', 'kept', 'lifted')", name=op.f('ck_takedown_state_known')),
    sa.CheckConstraint('due_at > received_at', name=op.f('ck_takedown_due_after_receipt')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_takedown_product_id_product')),
    sa.ForeignKeyConstraint(['recorded_by_id'], ['person_account.id'], name=op.f('fk_takedown_recorded_by_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_takedown')),
    sa.UniqueConstraint('key', name=op.f('uq_takedown_key')),
    sa.UniqueConstraint('product_id', 'document_number', name=op.f('uq_takedown_product_id_document_number'))
    )
    op.create_index(op.f('ix_takedown_product_id'), 'takedown', ['product_id'], unique=False)
    op.create_index(op.f('ix_takedown_state_due_at'), 'takedown', ['state', 'due_at'], unique=False)


def _bundle_part():
    op.create_table('bundle_part',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('bundle_pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='the box'),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='what lies in it; never a box'),
    sa.Column('quantity', sa.Integer(), nullable=False),
    sa.CheckConstraint('pack_id <> bundle_pack_id', name=op.f('ck_bundle_part_not_itself')),
    sa.CheckConstraint('quantity = CAST(quantity AS BIGINT)', name=op.f('ck_bundle_part_quantity_whole')),
    sa.CheckConstraint('quantity BETWEEN 1 AND 40', name=op.f('ck_bundle_part_quantity_in_bounds')),
    sa.ForeignKeyConstraint(['bundle_pack_id'], ['pack.id'], name=op.f('fk_bundle_part_bundle_pack_id_pack')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_bundle_part_pack_id_pack')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_bundle_part')),
    sa.UniqueConstraint('bundle_pack_id', 'pack_id', name=op.f('uq_bundle_part_bundle_pack_id_pack_id'))
    )
    op.create_index(op.f('ix_bundle_part_pack_id'), 'bundle_part', ['pack_id'], unique=False)


def _product_change():
    op.create_table('product_change',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('photo_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='a photo that may be gone since'),
    sa.Column('deed', sa.String(), nullable=False),
    sa.Column('before', sa.String(), nullable=False, comment='JSON object of the changed fields'),
    sa.Column('after', sa.String(), nullable=False, comment='JSON object of the changed fields'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('owner_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the manager for whom a helper wrote; NULL: for oneself'),
    sa.Column('undoes_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("deed IN ('created', 'words', 'pack_added', 'pack', 'pack_retired', 'state', 'photo_added', 'photo', 'photo_deleted', 'confirmed')", name=op.f('ck_product_change_deed_known')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_product_change_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['owner_user_id'], ['person_account.id'], name=op.f('fk_product_change_owner_user_id_person_account')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_product_change_pack_id_pack')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_product_change_product_id_product')),
    sa.ForeignKeyConstraint(['undoes_id'], ['product_change.id'], name=op.f('fk_product_change_undoes_id_product_change')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_product_change')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_product_change_undoes_id'))
    )
    op.create_index('ix_product_change_of', 'product_change', ['product_id', 'id'], unique=False)
    make_immutable("product_change")


def _sheet_code():
    op.create_table('sheet_code',
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('code', sa.String(), nullable=False),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_sheet_code_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_sheet_code_pack_id_pack')),
    sa.PrimaryKeyConstraint('pack_id', name=op.f('pk_sheet_code'))
    )
    op.create_index(op.f('ix_sheet_code_cooperative_id'), 'sheet_code', ['cooperative_id'], unique=False)


def _sheet_row():
    op.create_table('sheet_row',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('import_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('row_no', sa.Integer(), nullable=False, comment='as the spreadsheet numbers it'),
    sa.Column('cells', sa.JSON(), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False, comment='what was understood, by field'),
    sa.Column('faults', sa.JSON(), nullable=False),
    sa.Column('doubts', sa.JSON(), nullable=False),
    sa.Column('changes', sa.JSON(), nullable=False, comment='[field, before, after]'),
    sa.Column('outcome', sa.String(), nullable=False),
    sa.Column('group_no', sa.Integer(), nullable=True, comment='the row that begins the same new product'),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('pack_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("outcome IN ('new', 'pack', 'change', 'same', 'faulty', 'taken', 'left')", name=op.f('ck_sheet_row_outcome_known')),
    sa.CheckConstraint('group_no = CAST(group_no AS BIGINT)', name=op.f('ck_sheet_row_group_no_whole')),
    sa.CheckConstraint('row_no = CAST(row_no AS BIGINT)', name=op.f('ck_sheet_row_row_no_whole')),
    sa.ForeignKeyConstraint(['import_id'], ['sheet_import.id'], name=op.f('fk_sheet_row_import_id_sheet_import'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['pack_id'], ['pack.id'], name=op.f('fk_sheet_row_pack_id_pack')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_sheet_row_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sheet_row')),
    sa.UniqueConstraint('import_id', 'row_no', name=op.f('uq_sheet_row_import_id_row_no'))
    )
    op.create_index(op.f('ix_sheet_row_product_id'), 'sheet_row', ['product_id'], unique=False)


def upgrade():
    _search_build()
    _search_suggestion()
    _collection()
    _listing_help()
    _sheet_heading()
    _sheet_import()
    _suspension_notice()
    _card_picture()
    _clip()
    _collection_product()
    _question()
    _search_entry()
    _takedown()
    _bundle_part()
    _product_change()
    _sheet_code()
    _sheet_row()


def downgrade():
    op.drop_table("sheet_row")
    op.drop_table("sheet_code")
    op.drop_table("product_change")
    op.drop_table("bundle_part")
    op.drop_table("takedown")
    op.drop_table("search_entry")
    op.drop_table("question")
    op.drop_table("collection_product")
    op.drop_table("clip")
    op.drop_table("card_picture")
    op.drop_table("suspension_notice")
    op.drop_table("sheet_import")
    op.drop_table("sheet_heading")
    op.drop_table("listing_help")
    op.drop_table("collection")
    op.drop_table("search_suggestion")
    op.drop_table("search_build")
