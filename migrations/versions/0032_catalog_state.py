"""What labels, papers, recalls and dated standards add to catalog.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def _certificate():
    with op.batch_alter_table("certificate") as table:
        table.drop_constraint(op.f("ck_certificate_kind_known"), type_="check")
        table.add_column(sa.Column('scope', sa.String(), nullable=False, comment='goods, or lots and plots named above', server_default='goods'))
        table.add_column(sa.Column('covers', sa.String(), nullable=False, comment='as the paper says it: fields, packing house', server_default=''))
        table.create_check_constraint(op.f("ck_certificate_kind_known"), "kind IN ('ocop', 'food_safety', 'organic', 'vietgap', 'test_report', 'cosmetic_notification', 'geographic', 'growing_area', 'packing_house', 'other')")
        table.create_check_constraint(op.f("ck_certificate_scope_known"), "scope IN ('goods', 'lots', 'plots')")
    with op.batch_alter_table("certificate") as table:
        table.alter_column("scope", server_default=None)
        table.alter_column("covers", server_default=None)


def _certificate_back():
    with op.batch_alter_table("certificate") as table:
        table.drop_constraint(op.f("ck_certificate_kind_known"), type_="check")
        table.drop_constraint(op.f("ck_certificate_scope_known"), type_="check")
        table.drop_column("scope")
        table.drop_column("covers")
        table.create_check_constraint(op.f("ck_certificate_kind_known"), "kind IN ('ocop', 'food_safety', 'organic', 'vietgap', 'test_report', 'cosmetic_notification', 'geographic', 'other')")


def _photo():
    with op.batch_alter_table("photo") as table:
        table.add_column(sa.Column('file_160', sa.String(), nullable=True, comment='a square stamp for the scan page; photos before it have none'))


def _photo_back():
    with op.batch_alter_table("photo") as table:
        table.drop_column("file_160")


def _certificate_product():
    op.create_table('certificate_product',
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('product_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_product_certificate_id_certificate')),
    sa.ForeignKeyConstraint(['product_id'], ['product.id'], name=op.f('fk_certificate_product_product_id_product')),
    sa.PrimaryKeyConstraint('certificate_id', 'product_id', name=op.f('pk_certificate_product'))
    )
    op.create_index(op.f('ix_certificate_product_product_id'), 'certificate_product', ['product_id'], unique=False)


def _certificate_sighting():
    op.create_table('certificate_sighting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False, comment="of the paper's row that was compared with the original"),
    sa.Column('seen_on', sa.Date(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_certificate_sighting_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_sighting_certificate_id_certificate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_sighting'))
    )
    op.create_index(op.f('ix_certificate_sighting_certificate_id_revision'), 'certificate_sighting', ['certificate_id', 'revision'], unique=False)
    make_immutable("certificate_sighting")


def _certificate_term():
    op.create_table('certificate_term',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('certificate_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('revision', sa.BigInteger(), nullable=False, comment="of the paper's row, which the log seals"),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('issuer', sa.String(), nullable=False),
    sa.Column('valid_from', sa.Date(), nullable=False),
    sa.Column('valid_to', sa.Date(), nullable=True),
    sa.Column('scan', sa.String(), nullable=True, comment='private file of that day; kept'),
    sa.Column('covers', sa.String(), nullable=False, comment='goods, lots:3,4 … and the words of the paper'),
    sa.Column('note', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("event IN ('entered', 'corrected', 'renewed', 'withdrawn', 'scoped')", name=op.f('ck_certificate_term_event_known')),
    sa.CheckConstraint('valid_to IS NULL OR valid_to >= valid_from', name=op.f('ck_certificate_term_ends_after_start')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_certificate_term_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['certificate_id'], ['certificate.id'], name=op.f('fk_certificate_term_certificate_id_certificate')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_certificate_term')),
    sa.UniqueConstraint('certificate_id', 'revision', name=op.f('uq_certificate_term_certificate_id_revision'))
    )
    make_immutable("certificate_term")


def upgrade():
    _certificate()
    _photo()
    _certificate_product()
    _certificate_sighting()
    _certificate_term()


def downgrade():
    op.drop_table("certificate_term")
    op.drop_table("certificate_sighting")
    op.drop_table("certificate_product")
    _photo_back()
    _certificate_back()
