"""The bank accounts to which producers are paid.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "producer_account",
        sa.Column("id", big, nullable=False),
        sa.Column("producer_id", big, nullable=False),
        sa.Column("bank_bin", sa.String(), nullable=False),
        sa.Column("payee", sa.LargeBinary(), nullable=False, comment="encrypted: account number, holder"),
        sa.Column("changed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("changed_by_user_id", big, nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by_user_id"], ["person_account.id"], name=op.f("fk_producer_account_changed_by_user_id_person_account")
        ),
        sa.ForeignKeyConstraint(["producer_id"], ["producer.id"], name=op.f("fk_producer_account_producer_id_producer")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_producer_account")),
        sa.UniqueConstraint("producer_id", name=op.f("uq_producer_account_producer_id")),
    )


def downgrade():
    op.drop_table("producer_account")
