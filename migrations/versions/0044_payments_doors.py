"""What doors of sale, fairness, papers, looking after and the work without a line add to payments.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def _money_elsewhere():
    op.create_table('money_elsewhere',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('order_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('organisation_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('place', sa.String(), nullable=False, comment='whose clearing account it lies on: saleor'),
    sa.Column('ref', sa.String(), nullable=False, comment="the shop's own name of the payment: again is harmless"),
    sa.Column('taken_vnd', sa.BigInteger(), nullable=False),
    sa.Column('surplus_vnd', sa.BigInteger(), nullable=False, comment='too late, or paid here meanwhile: owed back'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('surplus_vnd = CAST(surplus_vnd AS BIGINT)', name=op.f('ck_money_elsewhere_surplus_vnd_whole')),
    sa.CheckConstraint('taken_vnd + surplus_vnd > 0', name=op.f('ck_money_elsewhere_not_nothing')),
    sa.CheckConstraint('taken_vnd = CAST(taken_vnd AS BIGINT)', name=op.f('ck_money_elsewhere_taken_vnd_whole')),
    sa.CheckConstraint('taken_vnd >= 0 AND surplus_vnd >= 0', name=op.f('ck_money_elsewhere_not_negative')),
    sa.ForeignKeyConstraint(['order_id'], ['sale_order.id'], name=op.f('fk_money_elsewhere_order_id_sale_order')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_money_elsewhere_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_money_elsewhere')),
    sa.UniqueConstraint('order_id', 'ref', name=op.f('uq_money_elsewhere_order_id_ref'))
    )
    op.create_index(op.f('ix_money_elsewhere_order_id'), 'money_elsewhere', ['order_id'], unique=False)
    make_immutable("money_elsewhere")


def upgrade():
    _money_elsewhere()


def downgrade():
    op.drop_table("money_elsewhere")
