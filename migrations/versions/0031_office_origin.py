"""What origin that anyone can check adds to office.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def _recall_case():
    op.create_table('recall_case',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's own key: a double tap is one recall"),
    sa.Column('cooperative_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('subject', sa.String(), nullable=False, comment='what it began from: lot:12, slip:7, material:bột'),
    sa.Column('name', sa.String(), nullable=False, comment='the same as people read it'),
    sa.Column('reason', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('opened_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('opened_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('took_ms', sa.Integer(), nullable=False, comment='from the tap to everything stopped'),
    sa.Column('refilled_count', sa.Integer(), nullable=False),
    sa.Column('told_count', sa.Integer(), nullable=False),
    sa.Column('cancelled', sa.String(), nullable=False, comment='codes of orders, with commas'),
    sa.Column('closed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('report', sa.String(), nullable=False),
    sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f('ck_recall_case_closed_has_time')),
    sa.CheckConstraint("state = 'open' OR length(report) > 0", name=op.f('ck_recall_case_closed_with_report')),
    sa.CheckConstraint("state IN ('open', 'closed')", name=op.f('ck_recall_case_state_known')),
    sa.CheckConstraint('refilled_count = CAST(refilled_count AS BIGINT)', name=op.f('ck_recall_case_refilled_count_whole')),
    sa.CheckConstraint('told_count = CAST(told_count AS BIGINT)', name=op.f('ck_recall_case_told_count_whole')),
    sa.ForeignKeyConstraint(['cooperative_id'], ['cooperative.id'], name=op.f('fk_recall_case_cooperative_id_cooperative')),
    sa.ForeignKeyConstraint(['opened_by_user_id'], ['person_account.id'], name=op.f('fk_recall_case_opened_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_case')),
    sa.UniqueConstraint('cooperative_id', 'key', name=op.f('uq_recall_case_cooperative_id_key'))
    )
    op.create_index(op.f('ix_recall_case_cooperative_id_state'), 'recall_case', ['cooperative_id', 'state'], unique=False)


def _recall_step():
    op.create_table('recall_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind IN ('stopped', 'called', 'not_reached', 'note', 'closed')", name=op.f('ck_recall_step_kind_known')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_recall_step_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['case_id'], ['recall_case.id'], name=op.f('fk_recall_step_case_id_recall_case')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_recall_step_order_id_sale_order')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recall_step')),
    sa.UniqueConstraint('case_id', 'key', name=op.f('uq_recall_step_case_id_key'))
    )
    make_immutable("recall_step")


def _recall_lot():
    op.create_table('recall_lot',
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('lot_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['case_id'], ['recall_case.id'], name=op.f('fk_recall_lot_case_id_recall_case')),
    sa.ForeignKeyConstraint(['lot_id'], ['lot.id'], name=op.f('fk_recall_lot_lot_id_lot')),
    sa.PrimaryKeyConstraint('case_id', 'lot_id', name=op.f('pk_recall_lot'))
    )
    op.create_index(op.f('ix_recall_lot_lot_id'), 'recall_lot', ['lot_id'], unique=False)


def upgrade():
    _recall_case()
    _recall_step()
    _recall_lot()


def downgrade():
    op.drop_table("recall_lot")
    op.drop_table("recall_step")
    op.drop_table("recall_case")
