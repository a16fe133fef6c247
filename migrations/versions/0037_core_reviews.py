"""What the procedure, figures, needs, rosters and feeds add to core.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

from migrations.tools import keep_immutable

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def _audit_line():
    with op.batch_alter_table("audit_line") as table:
        table.create_index(op.f("ix_audit_line_subject"), ['subject'], unique=False)
    keep_immutable("audit_line")


def _audit_line_back():
    with op.batch_alter_table("audit_line") as table:
        table.drop_index(op.f("ix_audit_line_subject"))
    keep_immutable("audit_line")


def upgrade():
    _audit_line()


def downgrade():
    _audit_line_back()
