"""What the procedure, figures, needs, rosters and feeds add to registry.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

from core.db import UtcDateTime
from migrations.tools import make_immutable

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None


def _figure_release():
    op.create_table('figure_release',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False, comment='the round; published once'),
    sa.Column('standard_id', sa.String(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='scored with invented points: said wherever shown'),
    sa.Column('indicators', sa.String(), nullable=False, comment='codes of that standard, in order, by spaces'),
    sa.Column('hash', sa.String(), nullable=False, comment='SHA-256 of the rows as canonical JSON'),
    sa.Column('published_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('published_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('year BETWEEN 2000 AND 2200', name=op.f('ck_figure_release_year_plausible')),
    sa.ForeignKeyConstraint(['published_by_user_id'], ['person_account.id'], name=op.f('fk_figure_release_published_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_release')),
    sa.UniqueConstraint('year', name=op.f('uq_figure_release_year'))
    )
    op.create_index(op.f('ix_figure_release_published_by_user_id'), 'figure_release', ['published_by_user_id'], unique=False)
    make_immutable("figure_release")


def _village_meeting():
    op.create_table('village_meeting',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('village', sa.String(), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('led_by', sa.String(), nullable=False),
    sa.Column('written_by', sa.String(), nullable=False),
    sa.Column('listed_count', sa.BigInteger(), nullable=False, comment='households on the list to be reviewed'),
    sa.Column('present_count', sa.BigInteger(), nullable=False, comment='of them, represented'),
    sa.Column('quorum_bp', sa.BigInteger(), nullable=False, comment='asked for that day; unverified in law'),
    sa.Column('quorate', sa.Boolean(), nullable=False),
    sa.Column('minutes', sa.LargeBinary(), nullable=False, comment='encrypted'),
    sa.Column('recorded_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('recorded_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('0 <= present_count AND present_count <= listed_count', name=op.f('ck_village_meeting_present_of_the_listed')),
    sa.CheckConstraint('listed_count = CAST(listed_count AS BIGINT)', name=op.f('ck_village_meeting_listed_count_whole')),
    sa.CheckConstraint('present_count = CAST(present_count AS BIGINT)', name=op.f('ck_village_meeting_present_count_whole')),
    sa.CheckConstraint('quorum_bp = CAST(quorum_bp AS BIGINT)', name=op.f('ck_village_meeting_quorum_bp_whole')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_village_meeting_commune_id_unit')),
    sa.ForeignKeyConstraint(['recorded_by_user_id'], ['person_account.id'], name=op.f('fk_village_meeting_recorded_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_village_meeting')),
    sa.UniqueConstraint('key', name=op.f('uq_village_meeting_key'))
    )
    op.create_index(op.f('ix_village_meeting_commune_id'), 'village_meeting', ['commune_id'], unique=False)
    make_immutable("village_meeting")


def _wall_list():
    op.create_table('wall_list',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; its public address'),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('village', sa.String(), nullable=False),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('closes_on', sa.Date(), nullable=False, comment='last day on which it is shown'),
    sa.Column('posted_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.CheckConstraint('closes_on > opened_on', name=op.f('ck_wall_list_closes_after_it_opens')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_wall_list_commune_id_unit')),
    sa.ForeignKeyConstraint(['posted_by_user_id'], ['person_account.id'], name=op.f('fk_wall_list_posted_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wall_list')),
    sa.UniqueConstraint('key', name=op.f('uq_wall_list_key'))
    )
    op.create_index(op.f('ix_wall_list_commune_id'), 'wall_list', ['commune_id'], unique=False)
    make_immutable("wall_list")


def _figure_row():
    op.create_table('figure_row',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('release_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('sheet', sa.String(), nullable=False, comment="the table's name in the fixed list"),
    sa.Column('province_code', sa.String(), nullable=False, comment="'' for the country"),
    sa.Column('commune_code', sa.String(), nullable=False, comment="'' for a province or the country"),
    sa.Column('name', sa.String(), nullable=False, comment='of the place, as of the release'),
    sa.Column('households', sa.Integer(), nullable=True),
    sa.Column('counts', sa.Text(), nullable=False),
    sa.CheckConstraint("(counts = '') = (households IS NULL)", name=op.f('ck_figure_row_hidden_whole')),
    sa.ForeignKeyConstraint(['release_id'], ['figure_release.id'], name=op.f('fk_figure_row_release_id_figure_release')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_figure_row')),
    sa.UniqueConstraint('release_id', 'sheet', 'province_code', 'commune_code', name=op.f('uq_figure_row_release_id_sheet_province_code_commune_code'))
    )
    op.create_index(op.f('ix_figure_row_release_id'), 'figure_row', ['release_id'], unique=False)
    make_immutable("figure_row")


def _need():
    op.create_table('need',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names the need in addresses'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='of that day; its officers may read it'),
    sa.Column('village', sa.String(), nullable=False),
    sa.Column('kind', sa.String(), nullable=False),
    sa.Column('urgency', sa.String(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('note', sa.LargeBinary(), nullable=True, comment='encrypted: what the household added in its own words'),
    sa.Column('copayment_vnd', sa.Integer(), nullable=True, comment='what it can pay itself each month; telecom only'),
    sa.Column('said_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('said_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('helped_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('confirmed_how', sa.String(), nullable=False, comment="self, code (to the household's phone), present"),
    sa.Column('confirmed_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('due_on', sa.Date(), nullable=True, comment='by working days since it was confirmed or reopened'),
    sa.Column('owner_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('scheme_id', sa.String(), nullable=True, comment='the scheme that answered it; id of its file'),
    sa.CheckConstraint("(state = 'closed') = (outcome IS NOT NULL)", name=op.f('ck_need_closed_with_an_outcome')),
    sa.CheckConstraint("confirmed_how IN ('', 'self', 'code', 'present')", name=op.f('ck_need_confirmed_how_known')),
    sa.CheckConstraint("kind IN ('health', 'insurance', 'schooling', 'loan', 'housing', 'water', 'toilet', 'tools', 'work', 'training', 'telecom', 'legal')", name=op.f('ck_need_kind_known')),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('met', 'part', 'no_scheme', 'not_fit', 'referred')", name=op.f('ck_need_outcome_known')),
    sa.CheckConstraint("state <> 'taken' OR owner_user_id IS NOT NULL", name=op.f('ck_need_taken_by_somebody')),
    sa.CheckConstraint("state IN ('to_confirm', 'open', 'taken', 'closed', 'withdrawn')", name=op.f('ck_need_state_known')),
    sa.CheckConstraint("urgency IN ('now', 'soon', 'later')", name=op.f('ck_need_urgency_known')),
    sa.CheckConstraint('copayment_vnd = CAST(copayment_vnd AS BIGINT)', name=op.f('ck_need_copayment_vnd_whole')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_need_commune_id_unit')),
    sa.ForeignKeyConstraint(['helped_by_user_id'], ['person_account.id'], name=op.f('fk_need_helped_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_need_household_id_household')),
    sa.ForeignKeyConstraint(['owner_user_id'], ['person_account.id'], name=op.f('fk_need_owner_user_id_person_account')),
    sa.ForeignKeyConstraint(['said_by_user_id'], ['person_account.id'], name=op.f('fk_need_said_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need')),
    sa.UniqueConstraint('key', name=op.f('uq_need_key'))
    )
    op.create_index('ix_need_commune_state', 'need', ['commune_id', 'state', 'due_on'], unique=False)
    op.create_index(op.f('ix_need_helped_by_user_id'), 'need', ['helped_by_user_id'], unique=False)
    op.create_index(op.f('ix_need_household_id'), 'need', ['household_id'], unique=False)
    op.create_index(op.f('ix_need_owner_user_id'), 'need', ['owner_user_id'], unique=False)
    op.create_index(op.f('ix_need_said_by_user_id'), 'need', ['said_by_user_id'], unique=False)
    op.create_index('uq_need_open', 'need', ['household_id', 'kind'], unique=True, sqlite_where=sa.text("state IN ('to_confirm', 'open', 'taken')"), postgresql_where=sa.text("state IN ('to_confirm', 'open', 'taken')"))


def _record_request():
    op.create_table('record_request',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names the request in addresses'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='of that day; its officers answer'),
    sa.Column('ask', sa.String(), nullable=False),
    sa.Column('part', sa.String(), nullable=False, comment="which part of the record; '' for all of it"),
    sa.Column('words', sa.LargeBinary(), nullable=False, comment='encrypted: what the household says'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('asked_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('asked_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('erased_count', sa.Integer(), nullable=False, comment='pieces erased at once when erasure was asked'),
    sa.Column('answered_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('answered_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True, comment='encrypted: what the officer did, or why not'),
    sa.CheckConstraint("(state = 'open') = (answered_at IS NULL) AND (state = 'open') = (answer IS NULL)", name=op.f('ck_record_request_answered_with_words')),
    sa.CheckConstraint("ask IN ('correct', 'object', 'erase')", name=op.f('ck_record_request_ask_known')),
    sa.CheckConstraint("part IN ('', 'household', 'people', 'roster', 'declarations', 'cases', 'needs', 'consents', 'sales', 'reads', 'requests')", name=op.f('ck_record_request_part_known')),
    sa.CheckConstraint("state IN ('open', 'granted', 'refused')", name=op.f('ck_record_request_state_known')),
    sa.CheckConstraint('erased_count = CAST(erased_count AS BIGINT)', name=op.f('ck_record_request_erased_count_whole')),
    sa.ForeignKeyConstraint(['answered_by_user_id'], ['person_account.id'], name=op.f('fk_record_request_answered_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['asked_by_user_id'], ['person_account.id'], name=op.f('fk_record_request_asked_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_record_request_commune_id_unit')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_record_request_household_id_household')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_record_request')),
    sa.UniqueConstraint('key', name=op.f('uq_record_request_key'))
    )
    op.create_index(op.f('ix_record_request_answered_by_user_id'), 'record_request', ['answered_by_user_id'], unique=False)
    op.create_index(op.f('ix_record_request_asked_by_user_id'), 'record_request', ['asked_by_user_id'], unique=False)
    op.create_index('ix_record_request_commune_state', 'record_request', ['commune_id', 'state', 'due_on'], unique=False)
    op.create_index(op.f('ix_record_request_household_id'), 'record_request', ['household_id'], unique=False)


def _need_step():
    op.create_table('need_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('need_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('outcome', sa.String(), nullable=True),
    sa.Column('scheme_id', sa.String(), nullable=True),
    sa.Column('answer', sa.LargeBinary(), nullable=True, comment="encrypted: the officer's words to the household"),
    sa.Column('due_on', sa.Date(), nullable=True),
    sa.CheckConstraint("event IN ('say', 'confirm', 'take', 'close', 'reopen', 'withdraw')", name=op.f('ck_need_step_event_known')),
    sa.CheckConstraint("outcome IS NULL OR outcome IN ('met', 'part', 'no_scheme', 'not_fit', 'referred')", name=op.f('ck_need_step_outcome_known')),
    sa.ForeignKeyConstraint(['by_user_id'], ['person_account.id'], name=op.f('fk_need_step_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['need_id'], ['need.id'], name=op.f('fk_need_step_need_id_need')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_need_step'))
    )
    op.create_index(op.f('ix_need_step_by_user_id'), 'need_step', ['by_user_id'], unique=False)
    op.create_index(op.f('ix_need_step_need_id'), 'need_step', ['need_id'], unique=False)


def _review_case():
    op.create_table('review_case',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; names the case in addresses'),
    sa.Column('household_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('commune_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False, comment='of the day it was opened'),
    sa.Column('village', sa.String(), nullable=False),
    sa.Column('origin', sa.String(), nullable=False),
    sa.Column('round_year', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('review_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True, comment='the declaration it was scored by'),
    sa.Column('score', sa.String(), nullable=False, comment='class by score under the standard of the day'),
    sa.Column('standard_id', sa.String(), nullable=False),
    sa.Column('is_demo', sa.Boolean(), nullable=False, comment='scored with the invented table: say so'),
    sa.Column('chosen', sa.String(), nullable=False, comment='class that people propose; may depart from score'),
    sa.Column('departs', sa.Boolean(), nullable=False, comment='chosen differs from score; counted'),
    sa.Column('opened_on', sa.Date(), nullable=False),
    sa.Column('opened_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False, comment='last day of the whole; dated data, unverified in law'),
    sa.Column('recheck_due_on', sa.Date(), nullable=True),
    sa.Column('ended_on', sa.Date(), nullable=True),
    sa.CheckConstraint("chosen IN ('', 'poor', 'near_poor', 'none')", name=op.f('ck_review_case_chosen_known')),
    sa.CheckConstraint("origin IN ('request', 'round')", name=op.f('ck_review_case_origin_known')),
    sa.CheckConstraint("state <> 'recognised' OR chosen <> ''", name=op.f('ck_review_case_recognised_has_a_class')),
    sa.CheckConstraint("state IN ('requested', 'listed', 'screened', 'scored', 'visited', 'met', 'posted', 'objected', 'rechecked', 'proposed', 'recognised', 'closed', 'withdrawn')", name=op.f('ck_review_case_state_known')),
    sa.ForeignKeyConstraint(['commune_id'], ['unit.id'], name=op.f('fk_review_case_commune_id_unit')),
    sa.ForeignKeyConstraint(['household_id'], ['household.id'], name=op.f('fk_review_case_household_id_household')),
    sa.ForeignKeyConstraint(['opened_by_user_id'], ['person_account.id'], name=op.f('fk_review_case_opened_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_review_case_review_id_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_case')),
    sa.UniqueConstraint('key', name=op.f('uq_review_case_key'))
    )
    op.create_index(op.f('ix_review_case_household_id'), 'review_case', ['household_id'], unique=False)
    op.create_index('ix_review_case_queue', 'review_case', ['commune_id', 'state', 'due_on'], unique=False)
    op.create_index(op.f('ix_review_case_review_id'), 'review_case', ['review_id'], unique=False)
    op.create_index('uq_review_case_open', 'review_case', ['household_id'], unique=True, sqlite_where=sa.text("state NOT IN ('recognised', 'closed', 'withdrawn')"), postgresql_where=sa.text("state NOT IN ('recognised', 'closed', 'withdrawn')"))


def _case_step():
    op.create_table('case_step',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment='random; binds the sealed note to its row'),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('event', sa.String(), nullable=False),
    sa.Column('after', sa.String(), nullable=False, comment='state after it'),
    sa.Column('chosen', sa.String(), nullable=False, comment='class proposed at that step'),
    sa.Column('note', sa.LargeBinary(), nullable=True, comment='encrypted words: reasons, what was seen, dissent'),
    sa.Column('at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("event IN ('open', 'screen_in', 'screen_out', 'score', 'visit', 'agree', 'disagree', 'post', 'object', 'answer', 'keep', 'change', 'propose', 'approve', 'send_back', 'withdraw')", name=op.f('ck_case_step_event_known')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_case_step_case_id_review_case')),
    sa.ForeignKeyConstraint(['user_id'], ['person_account.id'], name=op.f('fk_case_step_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_case_step')),
    sa.UniqueConstraint('key', name=op.f('uq_case_step_key'))
    )
    op.create_index(op.f('ix_case_step_case_id'), 'case_step', ['case_id'], unique=False)
    make_immutable("case_step")


def _meeting_vote():
    op.create_table('meeting_vote',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('meeting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('chosen', sa.String(), nullable=False),
    sa.Column('for_count', sa.BigInteger(), nullable=False),
    sa.Column('against_count', sa.BigInteger(), nullable=False),
    sa.Column('dissent', sa.LargeBinary(), nullable=True, comment='encrypted: why some did not agree'),
    sa.CheckConstraint('against_count = CAST(against_count AS BIGINT)', name=op.f('ck_meeting_vote_against_count_whole')),
    sa.CheckConstraint('for_count = CAST(for_count AS BIGINT)', name=op.f('ck_meeting_vote_for_count_whole')),
    sa.CheckConstraint('for_count >= 0 AND against_count >= 0', name=op.f('ck_meeting_vote_votes_not_negative')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_meeting_vote_case_id_review_case')),
    sa.ForeignKeyConstraint(['meeting_id'], ['village_meeting.id'], name=op.f('fk_meeting_vote_meeting_id_village_meeting')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_meeting_vote')),
    sa.UniqueConstraint('meeting_id', 'case_id', name=op.f('uq_meeting_vote_meeting_id_case_id'))
    )
    op.create_index(op.f('ix_meeting_vote_case_id'), 'meeting_vote', ['case_id'], unique=False)
    make_immutable("meeting_vote")


def _objection():
    op.create_table('objection',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key', sa.String(), nullable=False, comment="the request's own key: sent twice is one"),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('posting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('how', sa.String(), nullable=False),
    sa.Column('said', sa.LargeBinary(), nullable=False, comment='encrypted'),
    sa.Column('contact', sa.LargeBinary(), nullable=True, comment='encrypted; only to answer'),
    sa.Column('state', sa.String(), nullable=False),
    sa.Column('answer', sa.LargeBinary(), nullable=True, comment='encrypted'),
    sa.Column('received_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('taken_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_at', UtcDateTime(timezone=True), nullable=True),
    sa.Column('decided_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.CheckConstraint("how IN ('page', 'phone', 'present')", name=op.f('ck_objection_how_known')),
    sa.CheckConstraint("state IN ('open', 'upheld', 'refused')", name=op.f('ck_objection_state_known')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_objection_case_id_review_case')),
    sa.ForeignKeyConstraint(['decided_by_user_id'], ['person_account.id'], name=op.f('fk_objection_decided_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['posting_id'], ['wall_list.id'], name=op.f('fk_objection_posting_id_wall_list')),
    sa.ForeignKeyConstraint(['taken_by_user_id'], ['person_account.id'], name=op.f('fk_objection_taken_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_objection')),
    sa.UniqueConstraint('key', name=op.f('uq_objection_key'))
    )
    op.create_index(op.f('ix_objection_case_id'), 'objection', ['case_id'], unique=False)


def _recognition():
    op.create_table('recognition',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('decision_number', sa.String(), nullable=False),
    sa.Column('chosen', sa.String(), nullable=False),
    sa.Column('proposed_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('proposed_at', UtcDateTime(timezone=True), nullable=False),
    sa.Column('approved_by_user_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('certificate_number', sa.String(), nullable=True, comment='16 random digits, printed as QR; leads to no name'),
    sa.CheckConstraint("chosen IN ('poor', 'near_poor', 'none')", name=op.f('ck_recognition_chosen_known')),
    sa.CheckConstraint('(approved_by_user_id IS NULL) = (decided_on IS NULL)', name=op.f('ck_recognition_decided_when_approved')),
    sa.CheckConstraint('approved_by_user_id IS NULL OR approved_by_user_id <> proposed_by_user_id', name=op.f('ck_recognition_two_people')),
    sa.ForeignKeyConstraint(['approved_by_user_id'], ['person_account.id'], name=op.f('fk_recognition_approved_by_user_id_person_account')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_recognition_case_id_review_case')),
    sa.ForeignKeyConstraint(['proposed_by_user_id'], ['person_account.id'], name=op.f('fk_recognition_proposed_by_user_id_person_account')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recognition')),
    sa.UniqueConstraint('case_id', name=op.f('uq_recognition_case_id')),
    sa.UniqueConstraint('certificate_number', name=op.f('uq_recognition_certificate_number'))
    )


def _wall_line():
    op.create_table('wall_line',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('posting_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('case_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('line_no', sa.BigInteger(), nullable=False),
    sa.Column('chosen', sa.String(), nullable=False),
    sa.CheckConstraint('line_no = CAST(line_no AS BIGINT)', name=op.f('ck_wall_line_line_no_whole')),
    sa.ForeignKeyConstraint(['case_id'], ['review_case.id'], name=op.f('fk_wall_line_case_id_review_case')),
    sa.ForeignKeyConstraint(['posting_id'], ['wall_list.id'], name=op.f('fk_wall_line_posting_id_wall_list')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_wall_line')),
    sa.UniqueConstraint('posting_id', 'case_id', name=op.f('uq_wall_line_posting_id_case_id')),
    sa.UniqueConstraint('posting_id', 'line_no', name=op.f('uq_wall_line_posting_id_line_no'))
    )
    op.create_index(op.f('ix_wall_line_case_id'), 'wall_line', ['case_id'], unique=False)
    make_immutable("wall_line")


def upgrade():
    _figure_release()
    _village_meeting()
    _wall_list()
    _figure_row()
    _need()
    _record_request()
    _need_step()
    _review_case()
    _case_step()
    _meeting_vote()
    _objection()
    _recognition()
    _wall_line()


def downgrade():
    op.drop_table("wall_line")
    op.drop_table("recognition")
    op.drop_table("objection")
    op.drop_table("meeting_vote")
    op.drop_table("case_step")
    op.drop_table("review_case")
    op.drop_table("need_step")
    op.drop_table("record_request")
    op.drop_table("need")
    op.drop_table("figure_row")
    op.drop_table("wall_list")
    op.drop_table("village_meeting")
    op.drop_table("figure_release")
