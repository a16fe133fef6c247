"""What stalls, marketplaces, kept walks, lists of sign-ins and the work in the village add to registry.

Revision ID: 0050
Revises: 0049
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import keep_immutable, make_erasable, unmake_erasable

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None

# All columns of tables that were immutable, and those of them that people's words and pictures stand in.
ERASABLE = {
    "care_visit": (["id", "key", "household_id", "visited_on", "found", "note", "case_id", "at", "user_id"], ["note"]),
    "scanned_paper": (
        ["id", "key", "meeting_id", "posting_id", "case_id", "shows", "commune_id", "village", "photo", "at", "user_id"],
        ["photo"],
    ),
    "case_step": (["id", "key", "case_id", "event", "after", "chosen", "note", "at", "user_id"], ["note"]),
    "village_meeting": (
        [
            "id", "key", "commune_id", "village", "held_on", "led_by", "written_by", "listed_count", "present_count",
            "quorum_bp", "quorate", "minutes", "recorded_at", "recorded_by_user_id",
        ],
        ["led_by", "written_by", "minutes"],
    ),
    "meeting_vote": (["id", "meeting_id", "case_id", "chosen", "for_count", "against_count", "dissent"], ["dissent"]),
}


def _phone_entry():
    with op.batch_alter_table("phone_entry") as table:
        table.drop_constraint(op.f("ck_phone_entry_kind_known"), type_="check")
        table.drop_constraint(op.f("ck_phone_entry_screened_case_named"), type_="check")
        table.add_column(sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='of a meeting'))
        table.add_column(sa.Column('village', sa.String(), nullable=False, comment='of a meeting', server_default=''))
        table.add_column(sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the meeting it became'))
        table.create_foreign_key(op.f("fk_phone_entry_commune_id_unit"), "unit", ['commune_id'], ['id'])
        table.create_foreign_key(op.f("fk_phone_entry_meeting_id_village_meeting"), "village_meeting", ['meeting_id'], ['id'])
        table.alter_column("household_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), type_=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True)
        table.create_check_constraint(op.f("ck_phone_entry_case_named"), "kind NOT IN ('screen', 'traits', 'visit', 'vote') OR case_id IS NOT NULL")
        table.create_check_constraint(op.f("ck_phone_entry_kind_known"), "kind IN ('own', 'help', 'answers', 'screen', 'traits', 'visit', 'meeting', 'vote')")
        table.create_check_constraint(op.f("ck_phone_entry_of_a_household_or_a_village"), "(kind = 'meeting' AND commune_id IS NOT NULL) OR (kind <> 'meeting' AND household_id IS NOT NULL)")
        table.create_index(op.f("ix_phone_entry_commune_id"), ['commune_id'], unique=False)
    with op.batch_alter_table("phone_entry") as table:
        table.alter_column("village", server_default=None)


def _phone_entry_back():
    op.execute("DELETE FROM phone_entry WHERE kind NOT IN ('own', 'answers', 'screen')")
    with op.batch_alter_table("phone_entry") as table:
        table.drop_index(op.f("ix_phone_entry_commune_id"))
        table.drop_constraint(op.f("ck_phone_entry_case_named"), type_="check")
        table.drop_constraint(op.f("ck_phone_entry_kind_known"), type_="check")
        table.drop_constraint(op.f("ck_phone_entry_of_a_household_or_a_village"), type_="check")
        table.drop_constraint(op.f("fk_phone_entry_commune_id_unit"), type_="foreignkey")
        table.drop_constraint(op.f("fk_phone_entry_meeting_id_village_meeting"), type_="foreignkey")
        table.drop_column("commune_id")
        table.drop_column("village")
        table.drop_column("meeting_id")
        table.alter_column("household_id", existing_type=sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False)
        table.create_check_constraint(op.f("ck_phone_entry_kind_known"), "kind IN ('own', 'answers', 'screen')")
        table.create_check_constraint(op.f("ck_phone_entry_screened_case_named"), "kind <> 'screen' OR case_id IS NOT NULL")


def _sales_year():
    op.create_table('sales_year',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names it in addresses, binds sealed words'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='of that day'),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('low_vnd', sa.BigInteger(), nullable=False, comment="band of the year's sales for each person, from"),
    sa.Column('high_vnd', sa.BigInteger(), nullable=True, comment='below; NULL: open'),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('first_until', sa.Date(), nullable=True, comment='last day on which the family alone sees it'),
    sa.Column('words', sa.LargeBinary(), nullable=True, comment='encrypted: what the family says'),
    sa.Column('answer', sa.LargeBinary(), nullable=True, comment='encrypted: what the commune found'),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('closed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the review that the revisit asked for'),
    sa.CheckConstraint("(state = 'closed') = (closed_on IS NOT NULL)", name=op.f('ck_sales_year_closed_on_a_day')),
    sa.CheckConstraint("state <> 'shown' OR first_until IS NOT NULL", name=op.f('ck_sales_year_shown_until_a_day')),
    sa.CheckConstraint("state IN ('quiet', 'shown', 'sent', 'closed')", name=op.f('ck_sales_year_state_known')),
    sa.CheckConstraint('high_vnd = CAST(high_vnd AS BIGINT)', name=op.f('ck_sales_year_high_vnd_whole')),
    sa.CheckConstraint('high_vnd IS NULL OR high_vnd > low_vnd', name=op.f('ck_sales_year_band_ordered')),
    sa.CheckConstraint('low_vnd = CAST(low_vnd AS BIGINT)', name=op.f('ck_sales_year_low_vnd_whole')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_sales_year_case_id_review_case')),
    sa.ForeignKeyConstraint(['closed_by_user_id'], ['person_account.id'], name=op.f('fk_sales_year_closed_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_sales_year_commune_id_unit')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_sales_year_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sales_year')),
    sa.UniqueConstraint('household_id', 'year', name=op.f('uq_sales_year_household_id_year')),
    sa.UniqueConstraint('key', name=op.f('uq_sales_year_key'))
    )
    op.create_index(op.f('ix_sales_year_commune_id'), 'sales_year', ['commune_id'], unique=False)


def _scanned_paper():
    with op.batch_alter_table("scanned_paper") as table:
        table.add_column(sa.Column('shows', sa.String(), nullable=False, comment='a signed paper, or a home on a visit', server_default='paper'))
        table.create_check_constraint(op.f("ck_scanned_paper_shows_known"), "shows IN ('paper', 'home')")
    with op.batch_alter_table("scanned_paper") as table:
        table.alter_column("shows", server_default=None)


def _scanned_paper_back():
    with op.batch_alter_table("scanned_paper") as table:
        table.drop_constraint(op.f("ck_scanned_paper_shows_known"), type_="check")
        table.drop_column("shows")
    keep_immutable("scanned_paper")


def upgrade():
    _phone_entry()
    _sales_year()
    _scanned_paper()
    for table, (columns, emptied) in ERASABLE.items():
        make_erasable(table, columns, emptied)


def downgrade():
    for table in ERASABLE:
        unmake_erasable(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_all_but_emptying()")
    _scanned_paper_back()
    op.drop_table("sales_year")
    _phone_entry_back()
