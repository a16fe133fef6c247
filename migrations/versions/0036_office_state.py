"""What labels, papers, recalls and dated standards add to office.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None


def _connector_account():
    op.create_table('connector_account',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the form; the secret is sealed to it'),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('name', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('address', sa.String(), nullable=False, comment='https://…, or the name of a folder of ours'),
    sa.Column('secret', sa.LargeBinary(), nullable=False, comment='encrypted; never shown again'),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('failures_count', sa.Integer(), nullable=False, comment='in a row; an answer sets it to 0'),
    sa.Column('failed_why', sa.String(), nullable=False, comment='class of the last failure'),
    sa.Column('failed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('added_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('added_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind IN ('http', 'file')", name=op.f('ck_connector_account_kind_known')),
    sa.CheckConstraint('failures_count = CAST(failures_count AS BIGINT)', name=op.f('ck_connector_account_failures_count_whole')),
    sa.CheckConstraint('failures_count >= 0', name=op.f('ck_connector_account_failures_not_negative')),
    sa.ForeignKeyConstraint(['added_by_user_id'], ['person_account.id'], name=op.f('fk_connector_account_added_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_connector_account_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connector_account')),
    sa.UniqueConstraint('key', name=op.f('uq_connector_account_key'))
    )
    op.create_index(op.f('ix_connector_account_cooperative_id'), 'connector_account', ['cooperative_id'], unique=False)


def _recall_rehearsal():
    op.create_table('recall_rehearsal',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment='what it began from: lot:12, slip:7'),
    sa.Column('name', sa.String(), nullable=False, comment='the same as people read it'),
    sa.Column('lot_count', sa.Integer(), nullable=False),
    sa.Column('order_count', sa.Integer(), nullable=False),
    sa.Column('away_count', sa.Integer(), nullable=False, comment='packs with buyers that did not come back'),
    sa.Column('took_ms', sa.Integer(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint('away_count = CAST(away_count AS BIGINT)', name=op.f('ck_recall_rehearsal_away_count_whole')),
    sa.CheckConstraint('lot_count = CAST(lot_count AS BIGINT)', name=op.f('ck_recall_rehearsal_lot_count_whole')),
    sa.CheckConstraint('order_count = CAST(order_count AS BIGINT)', name=op.f('ck_recall_rehearsal_order_count_whole')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_recall_rehearsal_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_recall_rehearsal_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_rehearsal'))
    )
    op.create_index(op.f('ix_recall_rehearsal_cooperative_id_at'), 'recall_rehearsal', ['cooperative_id', 'at'], unique=False)
    make_immutable("recall_rehearsal")


def _connector_letter():
    op.create_table('connector_letter',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the form that sent it, with the cooperative: idempotency key'),
    sa.Column('connector_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment='lot:12 or product:7, and the mapping'),
    sa.Column('body', sa.String(), nullable=False),
    sa.Column('body_bytes', sa.BigInteger(), nullable=False, comment='its length in UTF-8'),
    sa.Column('closed_fields', sa.Boolean(), nullable=False),
    sa.Column('written_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sent_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('receipt', sa.String(), nullable=False, comment='what the other side called it'),
    sa.Column('refused', sa.String(), nullable=False, comment='status of a no'),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_connector_letter_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['connector_id'], ['connector_account.id'], name=op.f('fk_connector_letter_connector_id_connector_account')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_connector_letter_cooperative_id_cooperative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_connector_letter')),
    sa.UniqueConstraint('key', name=op.f('uq_connector_letter_key'))
    )
    op.create_index(op.f('ix_connector_letter_connector_id'), 'connector_letter', ['connector_id'], unique=False)
    op.create_index(op.f('ix_connector_letter_cooperative_id_written_at'), 'connector_letter', ['cooperative_id', 'written_at'], unique=False)
    op.create_index(op.f('ix_connector_letter_work_state'), 'connector_letter', ['work_state'], unique=False)


def _ocop_dossier():
    op.create_table('ocop_dossier',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('criteria', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='what the result became'),
    sa.CheckConstraint("state IN ('gathering', 'sent', 'awarded', 'declined')", name=op.f('ck_ocop_dossier_state_known')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_ocop_dossier_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_ocop_dossier_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_ocop_dossier_product_id_product')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ocop_dossier')),
    sa.UniqueConstraint('cooperative_id', 'key', name=op.f('uq_ocop_dossier_cooperative_id_key'))
    )
    op.create_index(op.f('ix_ocop_dossier_product_id'), 'ocop_dossier', ['product_id'], unique=False)
    op.create_index('uq_ocop_dossier_open', 'ocop_dossier', ['product_id'], unique=True, sqlite_where=sa.text("state IN ('gathering', 'sent')"), postgresql_where=sa.text("state IN ('gathering', 'sent')"))


def _ocop_piece():
    op.create_table('ocop_piece',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dossier_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('criterion', sa.String(), nullable=False),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=True, comment='private file'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('removed_at', UtcDateTime(timezone=True), nullable=True),
    sa.CheckConstraint('length(note) > 0 OR file IS NOT NULL', name=op.f('ck_ocop_piece_says_something')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_ocop_piece_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['dossier_id'], ['ocop_dossier.id'], name=op.f('fk_ocop_piece_dossier_id_ocop_dossier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ocop_piece')),
    sa.UniqueConstraint('dossier_id', 'key', name=op.f('uq_ocop_piece_dossier_id_key'))
    )


def _ocop_step():
    op.create_table('ocop_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('dossier_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('on', sa.Date(), nullable=False),
    sa.Column('office', sa.String(), nullable=False, comment='to whom, or who decided'),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('stars', sa.Integer(), nullable=True),
    sa.Column('number', sa.String(), nullable=False, comment='of the decision, as on paper'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("event IN ('opened', 'sent', 'returned', 'awarded', 'declined')", name=op.f('ck_ocop_step_event_known')),
    sa.CheckConstraint('stars IS NULL OR stars BETWEEN 3 AND 5', name=op.f('ck_ocop_step_three_to_five')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_ocop_step_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['dossier_id'], ['ocop_dossier.id'], name=op.f('fk_ocop_step_dossier_id_ocop_dossier')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ocop_step')),
    sa.UniqueConstraint('dossier_id', 'key', name=op.f('uq_ocop_step_dossier_id_key'))
    )
    make_immutable("ocop_step")


def upgrade():
    _connector_account()
    _recall_rehearsal()
    _connector_letter()
    _ocop_dossier()
    _ocop_piece()
    _ocop_step()


def downgrade():
    op.drop_table("ocop_step")
    op.drop_table("ocop_piece")
    op.drop_table("ocop_dossier")
    op.drop_table("connector_letter")
    op.drop_table("recall_rehearsal")
    op.drop_table("connector_account")
