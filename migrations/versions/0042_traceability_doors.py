"""What doors of sale, fairness, papers, looking after and the work without a line add to traceability.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0042"
down_revision = "0041"
branch_labels = None
depends_on = None


def _logistic_unit():
    with op.batch_alter_table("logistic_unit") as table:
        table.add_column(sa.Column('voided_at', UtcDateTime(timezone=True), nullable=True, comment='since when it is no case any more: opened, damaged'))
        table.add_column(sa.Column('void_reason', sa.String(), nullable=False, comment='why; for the cooperative alone', server_default=''))
        table.add_column(sa.Column('voided_by_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        table.create_foreign_key(op.f("fk_logistic_unit_voided_by_id_person_account"), "person_account", ['voided_by_id'], ['id'])
        table.create_check_constraint(op.f("ck_logistic_unit_void_has_reason"), "(voided_at IS NULL) = (void_reason = '')")
    with op.batch_alter_table("logistic_unit") as table:
        table.alter_column("void_reason", server_default=None)


def _logistic_unit_back():
    with op.batch_alter_table("logistic_unit") as table:
        table.drop_constraint(op.f("ck_logistic_unit_void_has_reason"), type_="check")
        table.drop_constraint(op.f("fk_logistic_unit_voided_by_id_person_account"), type_="foreignkey")
        table.drop_column("voided_at")
        table.drop_column("void_reason")
        table.drop_column("voided_by_id")


def upgrade():
    _logistic_unit()


def downgrade():
    _logistic_unit_back()
