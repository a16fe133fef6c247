"""What the shop that sells changes in the tables of catalog.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

from migrations.tools import create_search, drop_search

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def _product():
    with op.batch_alter_table("product") as table:
        table.add_column(sa.Column('allergens', sa.String(), nullable=False, comment="codes of catalog.kinds.rules.ALLERGENS, or 'none'; empty: not said", server_default=''))
        table.add_column(sa.Column('harvest_months', sa.Integer(), nullable=False, comment='bit 0 January … bit 11 December', server_default='0'))
        table.add_column(sa.Column('helper_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='filled in for the owner, who has not confirmed it yet'))
        table.add_column(sa.Column('question_count', sa.Integer(), nullable=False, comment='answered questions that are shown', server_default='0'))
        table.add_column(sa.Column('card_file', sa.String(), nullable=True, comment="public picture for chats, 1200 × 630; the worker's"))
        table.create_foreign_key(op.f("fk_product_helper_user_id_person_account"), "person_account", ['helper_user_id'], ['id'])
        table.create_check_constraint(op.f("ck_product_harvest_is_twelve_bits"), 'harvest_months BETWEEN 0 AND 4095')
        table.create_check_constraint(op.f("ck_product_published_is_confirmed"), "state <> 'published' OR helper_user_id IS NULL")
        table.create_check_constraint(op.f("ck_product_question_count_whole"), 'question_count = CAST(question_count AS BIGINT)')
    with op.batch_alter_table("product") as table:
        table.alter_column("allergens", server_default=None)
        table.alter_column("harvest_months", server_default=None)
        table.alter_column("question_count", server_default=None)


def _product_back():
    with op.batch_alter_table("product") as table:
        table.drop_constraint(op.f("ck_product_harvest_is_twelve_bits"), type_="check")
        table.drop_constraint(op.f("ck_product_published_is_confirmed"), type_="check")
        table.drop_constraint(op.f("ck_product_question_count_whole"), type_="check")
        table.drop_constraint(op.f("fk_product_helper_user_id_person_account"), type_="foreignkey")
        table.drop_column("allergens")
        table.drop_column("harvest_months")
        table.drop_column("helper_user_id")
        table.drop_column("question_count")
        table.drop_column("card_file")


def _pack():
    with op.batch_alter_table("pack") as table:
        table.add_column(sa.Column('promised', sa.Integer(), nullable=False, comment='of `available`, pieces that are not made yet', server_default='0'))
        table.add_column(sa.Column('stocked', sa.Boolean(), nullable=False, comment='goods were on sale under this number', server_default=sa.false()))
        table.add_column(sa.Column('promised_on', sa.Date(), nullable=True, comment='by which day all promised pieces are sent'))
        table.add_column(sa.Column('bundle', sa.Boolean(), nullable=False, comment='a gift box: its pieces are those of its parts', server_default=sa.false()))
        table.create_check_constraint(op.f("ck_pack_promised_is_part_of_available"), 'promised BETWEEN 0 AND available')
    with op.batch_alter_table("pack") as table:
        table.alter_column("promised", server_default=None)
        table.alter_column("stocked", server_default=None)
        table.alter_column("bundle", server_default=None)


def _pack_back():
    with op.batch_alter_table("pack") as table:
        table.drop_constraint(op.f("ck_pack_promised_is_part_of_available"), type_="check")
        table.drop_column("promised")
        table.drop_column("stocked")
        table.drop_column("promised_on")
        table.drop_column("bundle")


def _photo():
    with op.batch_alter_table("photo") as table:
        table.add_column(sa.Column('shot', sa.String(), nullable=True, comment='which of the guided shots it is'))
        table.add_column(sa.Column('replaces_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True))
        table.add_column(sa.Column('sent_width_px', sa.Integer(), nullable=True, comment='upright, as sent'))
        table.add_column(sa.Column('sent_height_px', sa.Integer(), nullable=True))
        table.add_column(sa.Column('brightness', sa.Integer(), nullable=True, comment='mean, 0–255'))
        table.add_column(sa.Column('sharpness', sa.Integer(), nullable=True, comment='variance of the Laplacian where it is sharpest'))
        table.create_foreign_key(op.f("fk_photo_replaces_id_photo"), "photo", ['replaces_id'], ['id'], ondelete="SET NULL")
        table.create_check_constraint(op.f("ck_photo_measures_plausible"), 'brightness BETWEEN 0 AND 255 AND sharpness >= 0')
        table.create_check_constraint(op.f("ck_photo_sent_height_px_whole"), 'sent_height_px = CAST(sent_height_px AS BIGINT)')
        table.create_check_constraint(op.f("ck_photo_sent_width_px_whole"), 'sent_width_px = CAST(sent_width_px AS BIGINT)')
        table.create_check_constraint(op.f("ck_photo_shot_known"), "shot IN ('front', 'back', 'hand', 'ingredients', 'field')")
        table.create_index(op.f("ix_photo_replaces_id"), ['replaces_id'], unique=False)


def _photo_back():
    with op.batch_alter_table("photo") as table:
        table.drop_index(op.f("ix_photo_replaces_id"))
        table.drop_constraint(op.f("ck_photo_measures_plausible"), type_="check")
        table.drop_constraint(op.f("ck_photo_sent_height_px_whole"), type_="check")
        table.drop_constraint(op.f("ck_photo_sent_width_px_whole"), type_="check")
        table.drop_constraint(op.f("ck_photo_shot_known"), type_="check")
        table.drop_constraint(op.f("fk_photo_replaces_id_photo"), type_="foreignkey")
        table.drop_column("shot")
        table.drop_column("replaces_id")
        table.drop_column("sent_width_px")
        table.drop_column("sent_height_px")
        table.drop_column("brightness")
        table.drop_column("sharpness")


def upgrade():
    _product()
    _pack()
    _photo()
    drop_search()
    create_search()  # of another shape; the worker fills it


def downgrade():
    _photo_back()
    _pack_back()
    _product_back()
