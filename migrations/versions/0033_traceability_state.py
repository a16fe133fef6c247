"""What labels, papers, recalls and dated standards add to traceability.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def _logistic_unit():
    with op.batch_alter_table("logistic_unit") as table:
        table.add_column(sa.Column('internal', sa.String(), nullable=True, comment='KIEN-000012, where there is no prefix'))
        table.alter_column("sscc", existing_type=sa.String(), type_=sa.String(), nullable=True)
        table.create_check_constraint(op.f("ck_logistic_unit_one_number"), '(sscc IS NULL) <> (internal IS NULL)')
        table.create_unique_constraint(op.f("uq_logistic_unit_internal"), ['internal'])


def _logistic_unit_back():
    with op.batch_alter_table("logistic_unit") as table:
        table.drop_constraint(op.f("uq_logistic_unit_internal"), type_="unique")
        table.drop_constraint(op.f("ck_logistic_unit_one_number"), type_="check")
        table.alter_column("sscc", existing_type=sa.String(), nullable=False)
        table.drop_column("internal")


def _case_label():
    op.create_table('case_label',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='of the request: a double tap prints once'),
    sa.Column('unit_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('copies', sa.Integer(), nullable=False),
    sa.Column('layout', sa.String(), nullable=False, comment='name of a traceability.labels.cases.rules.CaseLayout'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('file', sa.String(), nullable=True, comment='private file name of the PDF'),
    sa.Column('problem', sa.String(), nullable=True, comment='message id of what went wrong'),
    sa.Column('reprint_reason', sa.String(), nullable=False, comment='why it was printed again; empty the first time'),
    sa.Column('made_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('created_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('work_state', sa.String(), nullable=False),
    sa.Column('work_owner', sa.String(), nullable=True),
    sa.Column('work_lease', sa.BigInteger(), nullable=True, comment='database epoch seconds'),
    sa.Column('work_attempts', sa.Integer(), nullable=False),
    sa.Column('work_due_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('work_error', sa.String(), nullable=True, comment='class of the last failure, no personal data'),
    sa.CheckConstraint("(state = 'ready') = (file IS NOT NULL)", name=op.f('ck_case_label_ready_has_file')),
    sa.CheckConstraint("state IN ('pending', 'ready', 'failed')", name=op.f('ck_case_label_state_known')),
    sa.CheckConstraint('copies BETWEEN 1 AND 10', name=op.f('ck_case_label_copies_1_to_10')),
    sa.ForeignKeyConstraint(['made_by_id'], ['person_account.id'], name=op.f('fk_case_label_made_by_id_person_account')),
    sa.ForeignKeyConstraint(['unit_id'], ['logistic_unit.id'], name=op.f('fk_case_label_unit_id_logistic_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_label')),
    sa.UniqueConstraint('key', name=op.f('uq_case_label_key'))
    )
    op.create_index(op.f('ix_case_label_unit_id'), 'case_label', ['unit_id'], unique=False)
    op.create_index(op.f('ix_case_label_work_state'), 'case_label', ['work_state'], unique=False)


def _certificate_plot():
    op.create_table('certificate_plot',
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('plot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_plot_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['plot_id'], ['plot.id'], name=op.f('fk_certificate_plot_plot_id_plot')),
    sa.PrimaryKeyConstraint('certificate_id', 'plot_id', name=op.f('pk_certificate_plot'))
    )
    op.create_index(op.f('ix_certificate_plot_plot_id'), 'certificate_plot', ['plot_id'], unique=False)


def _certificate_lot():
    op.create_table('certificate_lot',
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_lot_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_certificate_lot_lot_id_lot')),
    sa.PrimaryKeyConstraint('certificate_id', 'lot_id', name=op.f('pk_certificate_lot'))
    )
    op.create_index(op.f('ix_certificate_lot_lot_id'), 'certificate_lot', ['lot_id'], unique=False)


def _label_sheet():
    with op.batch_alter_table("label_sheet") as table:
        table.add_column(sa.Column('history', sa.String(length=64), nullable=True, comment="root over the lot's leaves when its serials were made, hex; none where all share a code"))
        table.add_column(sa.Column('leaf_count', sa.Integer(), nullable=True, comment='leaves of the lot under that root'))
        table.create_check_constraint(op.f("ck_label_sheet_history_has_length"), '(history IS NULL) = (leaf_count IS NULL)')
        table.create_check_constraint(op.f("ck_label_sheet_leaf_count_whole"), 'leaf_count = CAST(leaf_count AS BIGINT)')


def _label_sheet_back():
    with op.batch_alter_table("label_sheet") as table:
        table.drop_constraint(op.f("ck_label_sheet_history_has_length"), type_="check")
        table.drop_constraint(op.f("ck_label_sheet_leaf_count_whole"), type_="check")
        table.drop_column("history")
        table.drop_column("leaf_count")


def _label_serial():
    op.create_table('label_serial',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('serial', sa.String(), nullable=False, comment='16 letters of base 32'),
    sa.Column('salt', sa.String(length=64), nullable=False, comment='32 random bytes in hex, shown with this serial only'),
    sa.Column('counter', sa.BigInteger(), nullable=False, comment='which label of the lot, from 0'),
    sa.Column('voided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('void_reason', sa.String(), nullable=False, comment='why this label counts no more'),
    sa.Column('voided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(voided_at IS NULL) = (void_reason = '')", name=op.f('ck_label_serial_void_has_reason')),
    sa.CheckConstraint('length(serial) = 16 AND length(salt) = 64', name=op.f('ck_label_serial_lengths')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_label_serial_lot_id_lot')),
    sa.ForeignKeyConstraint(['sheet_id'], ['label_sheet.id'], name=op.f('fk_label_serial_sheet_id_label_sheet')),
    sa.ForeignKeyConstraint(['voided_by_id'], ['person_account.id'], name=op.f('fk_label_serial_voided_by_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_label_serial')),
    sa.UniqueConstraint('lot_id', 'counter', name=op.f('uq_label_serial_lot_id_counter')),
    sa.UniqueConstraint('serial', name=op.f('uq_label_serial_serial'))
    )
    op.create_index(op.f('ix_label_serial_sheet_id'), 'label_serial', ['sheet_id'], unique=False)


def upgrade():
    _logistic_unit()
    _case_label()
    _certificate_plot()
    _certificate_lot()
    _label_sheet()
    _label_serial()


def downgrade():
    op.drop_table("label_serial")
    _label_sheet_back()
    op.drop_table("certificate_lot")
    op.drop_table("certificate_plot")
    op.drop_table("case_label")
    _logistic_unit_back()
