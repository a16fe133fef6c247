"""What the procedure, figures, needs, rosters and feeds add to households.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def _roster_import():
    op.create_table('roster_import',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's; names the list in addresses"),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('village', sa.String(), nullable=False, comment='of rows that name none'),
    sa.Column('only_village', sa.String(), nullable=False, comment='of a village head: no other is taken'),
    sa.Column('file_name', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('content', sa.LargeBinary(), nullable=True, comment='encrypted JSON: rows, headings'),
    sa.Column('added_count', sa.Integer(), nullable=False),
    sa.Column('left_count', sa.Integer(), nullable=False),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('sent_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state = 'preview') = (content IS NOT NULL)", name=op.f('ck_roster_import_forgotten_when_done')),
    sa.CheckConstraint("state IN ('preview', 'accepted', 'dropped')", name=op.f('ck_roster_import_state_known')),
    sa.CheckConstraint('added_count = CAST(added_count AS BIGINT)', name=op.f('ck_roster_import_added_count_whole')),
    sa.CheckConstraint('left_count = CAST(left_count AS BIGINT)', name=op.f('ck_roster_import_left_count_whole')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_roster_import_commune_id_unit')),
    sa.ForeignKeyConstraint(['sent_by_user_id'], ['person_account.id'], name=op.f('fk_roster_import_sent_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_import')),
    sa.UniqueConstraint('key', name=op.f('uq_roster_import_key'))
    )
    op.create_index(op.f('ix_roster_import_commune_id'), 'roster_import', ['commune_id'], unique=False)
    op.create_index(op.f('ix_roster_import_sent_by_user_id'), 'roster_import', ['sent_by_user_id'], unique=False)


def _roster_layout():
    op.create_table('roster_layout',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('heading', sa.String(), nullable=False, comment='folded'),
    sa.Column('column_key', sa.String(), nullable=False, comment="'' for a column that is not read"),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_roster_layout_commune_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_layout')),
    sa.UniqueConstraint('commune_id', 'heading', name=op.f('uq_roster_layout_commune_id_heading'))
    )


def _parent_link():
    op.create_table('parent_link',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('child_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('parent_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('child_id <> parent_id', name=op.f('ck_parent_link_nobody_is_her_own_parent')),
    sa.ForeignKeyConstraint(['child_id'], ['person.id'], name=op.f('fk_parent_link_child_id_person')),
    sa.ForeignKeyConstraint(['parent_id'], ['person.id'], name=op.f('fk_parent_link_parent_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parent_link')),
    sa.UniqueConstraint('child_id', 'parent_id', name=op.f('uq_parent_link_child_id_parent_id'))
    )
    op.create_index(op.f('ix_parent_link_parent_id'), 'parent_link', ['parent_id'], unique=False)
    make_immutable("parent_link")


def _roster_event():
    op.create_table('roster_event',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('deed', sa.String(), nullable=False, comment='random, from the form: sent twice is one deed; opening:… for what was held'),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('happened_on', sa.Date(), nullable=False, comment='the first day on which it holds'),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('from_household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('to_household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('relation', sa.String(), nullable=False, comment="her place in to_household; '' for none"),
    sa.Column('with_person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='spouse of a marriage; the record that is kept of two'),
    sa.Column('papers', sa.String(), nullable=False, comment='none: no identity papers; some'),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('undoes_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recorded_as', sa.String(), nullable=False, comment='role worn'),
    sa.CheckConstraint("(kind = 'undo') = (undoes_id IS NOT NULL)", name=op.f('ck_roster_event_undo_names_its_event')),
    sa.CheckConstraint("(to_household_id IS NULL) = (relation = '')", name=op.f('ck_roster_event_place_with_household')),
    sa.CheckConstraint("kind IN ('opened', 'birth', 'arrival', 'death', 'departure', 'move', 'marriage', 'relation', 'split', 'merge', 'same_person', 'papers', 'undo')", name=op.f('ck_roster_event_kind_known')),
    sa.CheckConstraint("papers IN ('', 'none', 'some')", name=op.f('ck_roster_event_papers_known')),
    sa.CheckConstraint("relation IN ('', 'head', 'spouse', 'child', 'parent', 'other')", name=op.f('ck_roster_event_relation_known')),
    sa.ForeignKeyConstraint(['from_household_id'], ['household.id'], name=op.f('fk_roster_event_from_household_id_household')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_roster_event_person_id_person')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['person_account.id'], name=op.f('fk_roster_event_recorded_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['to_household_id'], ['household.id'], name=op.f('fk_roster_event_to_household_id_household')),
    sa.ForeignKeyConstraint(['undoes_id'], ['roster_event.id'], name=op.f('fk_roster_event_undoes_id_roster_event')),
    sa.ForeignKeyConstraint(['with_person_id'], ['person.id'], name=op.f('fk_roster_event_with_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_event')),
    sa.UniqueConstraint('deed', 'person_id', name=op.f('uq_roster_event_deed_person_id')),
    sa.UniqueConstraint('undoes_id', name=op.f('uq_roster_event_undoes_id'))
    )
    op.create_index(op.f('ix_roster_event_from_household_id'), 'roster_event', ['from_household_id'], unique=False)
    op.create_index(op.f('ix_roster_event_person_id'), 'roster_event', ['person_id'], unique=False)
    op.create_index(op.f('ix_roster_event_recorded_by_user_id'), 'roster_event', ['recorded_by_user_id'], unique=False)
    op.create_index(op.f('ix_roster_event_to_household_id'), 'roster_event', ['to_household_id'], unique=False)
    op.create_index(op.f('ix_roster_event_with_person_id'), 'roster_event', ['with_person_id'], unique=False)
    make_immutable("roster_event")


def _roster_record():
    op.create_table('roster_record',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('source', sa.String(), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="keyed hash of a line's own key, or of the submission's instanceID"),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("source IN ('list', 'form')", name=op.f('ck_roster_record_source_known')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_roster_record_commune_id_unit')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_roster_record_household_id_household')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_roster_record_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_roster_record')),
    sa.UniqueConstraint('commune_id', 'source', 'key', name=op.f('uq_roster_record_commune_id_source_key'))
    )
    op.create_index(op.f('ix_roster_record_household_id'), 'roster_record', ['household_id'], unique=False)
    op.create_index(op.f('ix_roster_record_person_id'), 'roster_record', ['person_id'], unique=False)
    make_immutable("roster_record")


def upgrade():
    _roster_import()
    _roster_layout()
    _parent_link()
    _roster_event()
    _roster_record()


def downgrade():
    op.drop_table("roster_record")
    op.drop_table("roster_event")
    op.drop_table("parent_link")
    op.drop_table("roster_layout")
    op.drop_table("roster_import")
