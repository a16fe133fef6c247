"""What doors of sale, fairness, papers, looking after and the work without a line add to households.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None


def _person_paper():
    op.create_table('person_paper',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('number', sa.LargeBinary(), nullable=True, comment='encrypted identity number; never shown whole'),
    sa.Column('number_index', sa.String(), nullable=True, comment='keyed hash, to find a double by'),
    sa.Column('health', sa.LargeBinary(), nullable=True, comment='encrypted JSON: flags'),
    sa.Column('why', sa.String(), nullable=False, comment='the purpose that the person agreed to'),
    sa.Column('noted_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('noted_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("why IN ('certificate', 'insurance', 'allowance')", name=op.f('ck_person_paper_why_known')),
    sa.CheckConstraint('(number IS NULL) = (number_index IS NULL)', name=op.f('ck_person_paper_indexed_number')),
    sa.CheckConstraint('number IS NOT NULL OR health IS NOT NULL', name=op.f('ck_person_paper_holds_something')),
    sa.ForeignKeyConstraint(['noted_by_user_id'], ['person_account.id'], name=op.f('fk_person_paper_noted_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_person_paper_person_id_person')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_person_paper')),
    sa.UniqueConstraint('person_id', name=op.f('uq_person_paper_person_id'))
    )
    op.create_index(op.f('ix_person_paper_number_index'), 'person_paper', ['number_index'], unique=False)


def upgrade():
    _person_paper()


def downgrade():
    op.drop_table("person_paper")
