"""What the shop that sells adds to accounts.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def _person_account():
    with op.batch_alter_table("person_account") as table:
        table.add_column(sa.Column('spoken_language', sa.String(), nullable=True, comment='ISO 639-3: what this person wants to hear; says nothing of ethnic group, interface or numbers'))


def _person_account_back():
    with op.batch_alter_table("person_account") as table:
        table.drop_column("spoken_language")


def _prompt_recording():
    op.create_table('prompt_recording',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('prompt', sa.String(), nullable=False, comment='id in accounts/voices/prompts.json'),
    sa.Column('language', sa.String(), nullable=False, comment='ISO 639-3'),
    sa.Column('file', sa.String(), nullable=False, comment='public file'),
    sa.Column('replaced', sa.Boolean(), nullable=False, comment='a newer recording stands'),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("file <> ''", name=op.f('ck_prompt_recording_has_file')),
    sa.CheckConstraint("language IN ('vie', 'tyz', 'nut', 'ium', 'hmn', 'rad', 'cmo')", name=op.f('ck_prompt_recording_language_known')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_prompt_recording_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_prompt_recording'))
    )


def _form_draft():
    op.create_table('form_draft',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('key', sa.String(), nullable=False, comment="the phone's own key: the same as of the thing it will become"),
    sa.Column('form', sa.String(), nullable=False),
    sa.Column('fields', sa.LargeBinary(), nullable=False, comment='encrypted JSON: field → what was typed'),
    sa.Column('updated_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("form IN ('product', 'slip')", name=op.f('ck_form_draft_form_known')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_form_draft_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_form_draft_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_form_draft')),
    sa.UniqueConstraint('user_id', 'key', name=op.f('uq_form_draft_user_id_key'))
    )
    op.create_index(op.f('ix_form_draft_organisation_id'), 'form_draft', ['organisation_id'], unique=False)
    op.create_index(op.f('ix_form_draft_updated_at'), 'form_draft', ['updated_at'], unique=False)


def upgrade():
    _person_account()
    _prompt_recording()
    _form_draft()


def downgrade():
    op.drop_table("form_draft")
    op.drop_table("prompt_recording")
    _person_account_back()
