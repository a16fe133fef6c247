"""What doors of sale, fairness, papers, looking after and the work without a line add to registry.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import keep_immutable, make_immutable

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def _breach():
    op.create_table('breach',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the form's: sent twice is one"),
    sa.Column('noticed_at', UtcDateTime(timezone=True), nullable=False, comment='the clock runs from here'),
    sa.Column('what', sa.LargeBinary(), nullable=False, comment='encrypted: what happened, which data'),
    sa.Column('affected_count', sa.Integer(), nullable=False, comment='people, as far as known; 0: not known yet'),
    sa.Column('measures', sa.LargeBinary(), nullable=True, comment='encrypted: what was done'),
    sa.Column('notified_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('notified_whom', sa.String(), nullable=False, comment='authority; people affected'),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("(notified_at IS NULL) = (notified_whom = '')", name=op.f('ck_breach_notified_names_whom')),
    sa.CheckConstraint('affected_count = CAST(affected_count AS BIGINT)', name=op.f('ck_breach_affected_count_whole')),
    sa.CheckConstraint('affected_count >= 0', name=op.f('ck_breach_affected_not_negative')),
    sa.CheckConstraint('notified_at IS NULL OR notified_at >= noticed_at', name=op.f('ck_breach_notified_after_noticed')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['person_account.id'], name=op.f('fk_breach_recorded_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_breach')),
    sa.UniqueConstraint('key', name=op.f('uq_breach_key'))
    )


def _draw_seed():
    op.create_table('draw_seed',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('province_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_year', sa.Integer(), nullable=False),
    sa.Column('commitment', sa.String(), nullable=False, comment='SHA-256 of the seed, hex'),
    sa.Column('seed', sa.LargeBinary(), nullable=False, comment='encrypted'),
    sa.Column('rate_bp', sa.BigInteger(), nullable=False),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint('rate_bp = CAST(rate_bp AS BIGINT)', name=op.f('ck_draw_seed_rate_bp_whole')),
    sa.ForeignKeyConstraint(['province_id'], ['unit.id'], name=op.f('fk_draw_seed_province_id_unit')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_draw_seed')),
    sa.UniqueConstraint('province_id', 'round_year', name=op.f('uq_draw_seed_province_id_round_year'))
    )


def _figure_release():
    with op.batch_alter_table("figure_release") as table:
        table.add_column(sa.Column('basis', sa.String(), nullable=False, comment='whose classes: declared, or recognised', server_default='declared'))
        table.create_check_constraint(op.f("ck_figure_release_basis_known"), "basis IN ('declared', 'recognised')")
    with op.batch_alter_table("figure_release") as table:
        table.alter_column("basis", server_default=None)
    keep_immutable("figure_release")


def _figure_release_back():
    with op.batch_alter_table("figure_release") as table:
        table.drop_constraint(op.f("ck_figure_release_basis_known"), type_="check")
        table.drop_column("basis")
    keep_immutable("figure_release")


def _officer_question():
    op.create_table('officer_question',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('province_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('found_count', sa.BigInteger(), nullable=False, comment='how many stand out'),
    sa.Column('whole_count', sa.BigInteger(), nullable=False, comment='of how many'),
    sa.Column('beside_count', sa.BigInteger(), nullable=False, comment='of the peers; for visits: minutes between them, the middle one'),
    sa.Column('beside_whole_count', sa.BigInteger(), nullable=False, comment='of how many of the peers; for visits: how many'),
    sa.Column('counted_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('overrides', 'alike', 'fast', 'heaped')", name=op.f('ck_officer_question_kind_known')),
    sa.CheckConstraint('beside_count = CAST(beside_count AS BIGINT)', name=op.f('ck_officer_question_beside_count_whole')),
    sa.CheckConstraint('beside_whole_count = CAST(beside_whole_count AS BIGINT)', name=op.f('ck_officer_question_beside_whole_count_whole')),
    sa.CheckConstraint('found_count = CAST(found_count AS BIGINT)', name=op.f('ck_officer_question_found_count_whole')),
    sa.CheckConstraint('whole_count = CAST(whole_count AS BIGINT)', name=op.f('ck_officer_question_whole_count_whole')),
    sa.ForeignKeyConstraint(['province_id'], ['unit.id'], name=op.f('fk_officer_question_province_id_unit')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_officer_question_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_officer_question')),
    sa.UniqueConstraint('province_id', 'round_year', 'user_id', 'kind', name=op.f('uq_officer_question_province_id_round_year_user_id_kind'))
    )
    op.create_index(op.f('ix_officer_question_user_id'), 'officer_question', ['user_id'], unique=False)


def _place_count():
    op.create_table('place_count',
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('basis', sa.String(), nullable=False),
    sa.Column('standard_id', sa.String(), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), autoincrement=False, nullable=False, comment='of the day it was counted'),
    sa.Column('word', sa.String(), nullable=False),
    sa.Column('household_count', sa.Integer(), nullable=False),
    sa.CheckConstraint("basis IN ('declared', 'recognised')", name=op.f('ck_place_count_basis_known')),
    sa.CheckConstraint('household_count = CAST(household_count AS BIGINT)', name=op.f('ck_place_count_household_count_whole')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_place_count_commune_id_unit')),
    sa.PrimaryKeyConstraint('year', 'basis', 'standard_id', 'commune_id', 'word', name=op.f('pk_place_count')),
    sqlite_with_rowid=False
    )


def _question_answer():
    op.create_table('question_answer',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; binds the sealed words to their row'),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_year', sa.Integer(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('asked', sa.String(), nullable=False, comment="the numbers that were asked about, e.g. '5/10 4/40'"),
    sa.Column('words', sa.LargeBinary(), nullable=False, comment='encrypted'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("kind IN ('overrides', 'alike', 'fast', 'heaped')", name=op.f('ck_question_answer_kind_known')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_question_answer_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_question_answer')),
    sa.UniqueConstraint('key', name=op.f('uq_question_answer_key'))
    )
    op.create_index(op.f('ix_question_answer_user_id'), 'question_answer', ['user_id'], unique=False)
    make_immutable("question_answer")


def _care_plan():
    op.create_table('care_plan',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; binds the sealed words to their row'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='of that day'),
    sa.Column('goal', sa.LargeBinary(), nullable=False, comment='encrypted'),
    sa.Column('made_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('made_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('agreed_how', sa.String(), nullable=False, comment='self: in its own session; present: by word of mouth'),
    sa.Column('agreed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(agreed_how = '') = (agreed_at IS NULL)", name=op.f('ck_care_plan_agreed_when_said')),
    sa.CheckConstraint("agreed_how IN ('', 'self', 'present')", name=op.f('ck_care_plan_agreed_how_known')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_care_plan_commune_id_unit')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_care_plan_household_id_household')),
    sa.ForeignKeyConstraint(['made_by_user_id'], ['person_account.id'], name=op.f('fk_care_plan_made_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_plan')),
    sa.UniqueConstraint('key', name=op.f('uq_care_plan_key'))
    )
    op.create_index(op.f('ix_care_plan_commune_id'), 'care_plan', ['commune_id'], unique=False)
    op.create_index('uq_care_plan_open', 'care_plan', ['household_id'], unique=True, sqlite_where=sa.text('ended_on IS NULL'), postgresql_where=sa.text('ended_on IS NULL'))


def _counted_home():
    op.create_table('counted_home',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False, comment='the round'),
    sa.Column('basis', sa.String(), nullable=False, comment='declared or recognised'),
    sa.Column('standard_id', sa.String(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='scored with invented points: said wherever shown'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='of that day; read as what it is today'),
    sa.Column('village', sa.String(), nullable=False),
    sa.Column('outcome', sa.String(), nullable=False, comment='class'),
    sa.Column('lacking', sa.String(), nullable=False, comment='indicators that it lacks, by spaces'),
    sa.Column('unjudged', sa.String(), nullable=False, comment='indicators that could not be judged'),
    sa.Column('sex', sa.String(), nullable=False, comment='of the head on that day, as are the three that follow'),
    sa.Column('age', sa.String(), nullable=False),
    sa.Column('ethnic', sa.String(), nullable=False),
    sa.Column('people', sa.String(), nullable=False, comment='name of the ethnic group'),
    sa.Column('traits', sa.LargeBinary(), nullable=True, comment='encrypted: disability and causes as form C said them'),
    sa.Column('departs', sa.String(), nullable=False, comment='recognised in a class other than its score: yes, no, or nothing recognised'),
    sa.Column('before', sa.String(), nullable=False, comment='its class in the round of the year before'),
    sa.Column('moved', sa.String(), nullable=False, comment='new, relapsed, escaped, or none of these'),
    sa.Column('counted_at', UtcDateTime(timezone=True), nullable=False),
    sa.CheckConstraint("basis IN ('declared', 'recognised')", name=op.f('ck_counted_home_basis_known')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_counted_home_commune_id_unit')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_counted_home_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_counted_home')),
    sa.UniqueConstraint('household_id', 'year', 'basis', 'standard_id', name='uq_counted_home_once')
    )
    op.create_index('ix_counted_home_place', 'counted_home', ['basis', 'year', 'commune_id'], unique=False)


def _household_pin():
    op.create_table('household_pin',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('pin_hash', sa.String(), nullable=False),
    sa.Column('set_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('set_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_household_pin_household_id_household')),
    sa.ForeignKeyConstraint(['set_by_user_id'], ['person_account.id'], name=op.f('fk_household_pin_set_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_household_pin')),
    sa.UniqueConstraint('household_id', name=op.f('uq_household_pin_household_id'))
    )


def _kin_declared():
    op.create_table('kin_declared',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('declared_at', UtcDateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_kin_declared_household_id_household')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_kin_declared_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kin_declared')),
    sa.UniqueConstraint('user_id', 'household_id', name=op.f('uq_kin_declared_user_id_household_id'))
    )
    op.create_index(op.f('ix_kin_declared_household_id'), 'kin_declared', ['household_id'], unique=False)
    make_immutable("kin_declared")


def _record_request():
    with op.batch_alter_table("record_request") as table:
        table.drop_constraint(op.f("ck_record_request_part_known"), type_="check")
        table.create_check_constraint(op.f("ck_record_request_part_known"), "part IN ('', 'household', 'people', 'roster', 'declarations', 'cases', 'needs', 'care', 'consents', 'sales', 'reads', 'requests')")


def _record_request_back():
    with op.batch_alter_table("record_request") as table:
        table.drop_constraint(op.f("ck_record_request_part_known"), type_="check")
        table.create_check_constraint(op.f("ck_record_request_part_known"), "part IN ('', 'household', 'people', 'roster', 'declarations', 'cases', 'needs', 'consents', 'sales', 'reads', 'requests')")


def _review():
    with op.batch_alter_table("review") as table:
        table.drop_constraint(op.f("ck_review_confirmed_how_known"), type_="check")
        table.add_column(sa.Column('counted', sa.Boolean(), nullable=False, comment="its household stands in the round's figures", server_default=sa.false()))
        table.create_check_constraint(op.f("ck_review_confirmed_how_known"), "confirmed_how IN ('', 'self', 'code', 'present', 'pin', 'mark')")
        table.create_index(op.f("ix_review_uncounted"), ['id'], unique=False, sqlite_where=sa.text("state = 'submitted' AND NOT counted"), postgresql_where=sa.text("state = 'submitted' AND NOT counted"))
    with op.batch_alter_table("review") as table:
        table.alter_column("counted", server_default=None)


def _review_back():
    with op.batch_alter_table("review") as table:
        table.drop_index(op.f("ix_review_uncounted"))
        table.drop_constraint(op.f("ck_review_confirmed_how_known"), type_="check")
        table.drop_column("counted")
        table.create_check_constraint(op.f("ck_review_confirmed_how_known"), "confirmed_how IN ('', 'self', 'code', 'present')")


def _care_step():
    op.create_table('care_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('plan_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('what', sa.LargeBinary(), nullable=False, comment='encrypted'),
    sa.Column('who', sa.String(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('need_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint("(state = 'open') = (ended_on IS NULL)", name=op.f('ck_care_step_ended_unless_open')),
    sa.CheckConstraint("state IN ('open', 'done', 'dropped')", name=op.f('ck_care_step_state_known')),
    sa.CheckConstraint("who IN ('household', 'commune', 'both')", name=op.f('ck_care_step_who_known')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_care_step_need_id_need')),
    sa.ForeignKeyConstraint(['plan_id'], ['care_plan.id'], name=op.f('fk_care_step_plan_id_care_plan')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_step')),
    sa.UniqueConstraint('key', name=op.f('uq_care_step_key'))
    )
    op.create_index(op.f('ix_care_step_plan_id'), 'care_step', ['plan_id'], unique=False)


def _witnessed_mark():
    op.create_table('witnessed_mark',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('witness', sa.LargeBinary(), nullable=False, comment='encrypted name of who stood by; never the helper'),
    sa.Column('photo', sa.LargeBinary(), nullable=True, comment='encrypted WebP of the sheet, drawn anew; erasable'),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['person_account.id'], name=op.f('fk_witnessed_mark_recorded_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_witnessed_mark_review_id_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_witnessed_mark')),
    sa.UniqueConstraint('review_id', name=op.f('uq_witnessed_mark_review_id'))
    )


def _care_visit():
    op.create_table('care_visit',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random, from the form: sent twice is one'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('found', sa.String(), nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=False, comment='encrypted'),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the review that the visit asked for'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint("found IN ('same', 'better', 'worse')", name=op.f('ck_care_visit_found_known')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_care_visit_case_id_review_case')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_care_visit_household_id_household')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_care_visit_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_care_visit')),
    sa.UniqueConstraint('key', name=op.f('uq_care_visit_key'))
    )
    op.create_index(op.f('ix_care_visit_household_id'), 'care_visit', ['household_id'], unique=False)
    make_immutable("care_visit")


def _case_traits():
    op.create_table('case_traits',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('said', sa.LargeBinary(), nullable=False, comment='encrypted JSON: causes, disability'),
    sa.Column('said_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('said_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_case_traits_case_id_review_case')),
    sa.ForeignKeyConstraint(['said_by_user_id'], ['person_account.id'], name=op.f('fk_case_traits_said_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_traits')),
    sa.UniqueConstraint('case_id', name=op.f('uq_case_traits_case_id'))
    )


def _phone_entry():
    op.create_table('phone_entry',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='made by the phone: sent twice is one'),
    sa.Column('kind', sa.String(), nullable=False, comment='own, answers (form B), screen (form A)'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the declaration it became'),
    sa.Column('body', sa.LargeBinary(), nullable=True, comment='encrypted JSON of what was filled in; only while it differs'),
    sa.Column('photo', sa.LargeBinary(), nullable=True, comment='encrypted WebP of a signed sheet, while it differs'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('arrived_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("kind <> 'screen' OR case_id IS NOT NULL", name=op.f('ck_phone_entry_screened_case_named')),
    sa.CheckConstraint("kind IN ('own', 'answers', 'screen')", name=op.f('ck_phone_entry_kind_known')),
    sa.CheckConstraint("state IN ('taken', 'differs', 'used', 'laid_aside')", name=op.f('ck_phone_entry_state_known')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_phone_entry_case_id_review_case')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_phone_entry_household_id_household')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_phone_entry_review_id_review')),
    sa.ForeignKeyConstraint(['settled_by_user_id'], ['person_account.id'], name=op.f('fk_phone_entry_settled_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_phone_entry_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_phone_entry')),
    sa.UniqueConstraint('key', name=op.f('uq_phone_entry_key'))
    )
    op.create_index(op.f('ix_phone_entry_case_id'), 'phone_entry', ['case_id'], unique=False)
    op.create_index(op.f('ix_phone_entry_household_id'), 'phone_entry', ['household_id'], unique=False)
    op.create_index(op.f('ix_phone_entry_review_id'), 'phone_entry', ['review_id'], unique=False)
    op.create_index(op.f('ix_phone_entry_user_id'), 'phone_entry', ['user_id'], unique=False)


def _recheck():
    op.create_table('recheck',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names it in addresses'),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('province_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('round_year', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('officer_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='NULL: nobody elsewhere may, yet'),
    sa.Column('drawn_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False, comment='by working days; a promise of ours, not law'),
    sa.Column('found', sa.String(), nullable=False, comment='class that the other officer finds right'),
    sa.Column('note', sa.LargeBinary(), nullable=True, comment='encrypted: what was seen'),
    sa.Column('found_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('found_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('verdict', sa.String(), nullable=True),
    sa.Column('words', sa.LargeBinary(), nullable=True, comment='encrypted: why the level above decides so'),
    sa.Column('settled_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('settled_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("(state = 'settled') = (verdict IS NOT NULL)", name=op.f('ck_recheck_settled_with_a_verdict')),
    sa.CheckConstraint("(state = 'waiting') = (found = '')", name=op.f('ck_recheck_found_unless_waiting')),
    sa.CheckConstraint("found IN ('', 'poor', 'near_poor', 'none')", name=op.f('ck_recheck_found_known')),
    sa.CheckConstraint("state IN ('waiting', 'same', 'differs', 'settled')", name=op.f('ck_recheck_state_known')),
    sa.CheckConstraint("verdict IS NULL OR verdict IN ('keep', 'again')", name=op.f('ck_recheck_verdict_known')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_recheck_case_id_review_case')),
    sa.ForeignKeyConstraint(['found_by_user_id'], ['person_account.id'], name=op.f('fk_recheck_found_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['officer_user_id'], ['person_account.id'], name=op.f('fk_recheck_officer_user_id_person_account')),
    sa.ForeignKeyConstraint(['province_id'], ['unit.id'], name=op.f('fk_recheck_province_id_unit')),
    sa.ForeignKeyConstraint(['settled_by_user_id'], ['person_account.id'], name=op.f('fk_recheck_settled_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recheck')),
    sa.UniqueConstraint('case_id', name=op.f('uq_recheck_case_id')),
    sa.UniqueConstraint('key', name=op.f('uq_recheck_key'))
    )
    op.create_index('ix_recheck_officer', 'recheck', ['officer_user_id', 'state'], unique=False)
    op.create_index(op.f('ix_recheck_province_id'), 'recheck', ['province_id'], unique=False)


def _recognition():
    with op.batch_alter_table("recognition") as table:
        table.add_column(sa.Column('counted', sa.Boolean(), nullable=False, comment="it stands in the round's figures", server_default=sa.false()))
        table.create_index(op.f("ix_recognition_uncounted"), ['id'], unique=False, sqlite_where=sa.text('decided_on IS NOT NULL AND NOT counted'), postgresql_where=sa.text('decided_on IS NOT NULL AND NOT counted'))
    with op.batch_alter_table("recognition") as table:
        table.alter_column("counted", server_default=None)


def _recognition_back():
    with op.batch_alter_table("recognition") as table:
        table.drop_index(op.f("ix_recognition_uncounted"))
        table.drop_column("counted")


def _scanned_paper():
    op.create_table('scanned_paper',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names it in addresses, binds the photo to it'),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('posting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('village', sa.String(), nullable=False),
    sa.Column('photo', sa.LargeBinary(), nullable=False, comment='encrypted WebP in base64'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('(CASE WHEN meeting_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN posting_id IS NULL THEN 0 ELSE 1 END) + (CASE WHEN case_id IS NULL THEN 0 ELSE 1 END) = 1', name=op.f('ck_scanned_paper_of_one_thing')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_scanned_paper_case_id_review_case')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_scanned_paper_commune_id_unit')),
    sa.ForeignKeyConstraint(['meeting_id'], ['village_meeting.id'], name=op.f('fk_scanned_paper_meeting_id_village_meeting')),
    sa.ForeignKeyConstraint(['posting_id'], ['wall_list.id'], name=op.f('fk_scanned_paper_posting_id_wall_list')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_scanned_paper_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_scanned_paper')),
    sa.UniqueConstraint('key', name=op.f('uq_scanned_paper_key'))
    )
    op.create_index(op.f('ix_scanned_paper_case_id'), 'scanned_paper', ['case_id'], unique=False)
    op.create_index(op.f('ix_scanned_paper_meeting_id'), 'scanned_paper', ['meeting_id'], unique=False)
    op.create_index(op.f('ix_scanned_paper_posting_id'), 'scanned_paper', ['posting_id'], unique=False)
    make_immutable("scanned_paper")


def upgrade():
    _breach()
    _draw_seed()
    _figure_release()
    _officer_question()
    _place_count()
    _question_answer()
    _care_plan()
    _counted_home()
    _household_pin()
    _kin_declared()
    _record_request()
    _review()
    _care_step()
    _witnessed_mark()
    _care_visit()
    _case_traits()
    _phone_entry()
    _recheck()
    _recognition()
    _scanned_paper()


def downgrade():
    op.drop_table("scanned_paper")
    _recognition_back()
    op.drop_table("recheck")
    op.drop_table("phone_entry")
    op.drop_table("case_traits")
    op.drop_table("care_visit")
    op.drop_table("witnessed_mark")
    op.drop_table("care_step")
    _review_back()
    _record_request_back()
    op.drop_table("kin_declared")
    op.drop_table("household_pin")
    op.drop_table("counted_home")
    op.drop_table("care_plan")
    op.drop_table("question_answer")
    op.drop_table("place_count")
    op.drop_table("officer_question")
    _figure_release_back()
    op.drop_table("draw_seed")
    op.drop_table("breach")
