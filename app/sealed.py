"""Every column that holds sealed text: its field and whose it is, so that a new key can seal it anew.

owner: SQL over the row's table that gives the name the text is bound to; the same on both engines. A test fails for
an encrypted column that is not named here.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sealed:
    """One column. field: the name it was sealed under, `table.column` where '' is given."""

    table: str
    column: str
    owner: str
    named: str = ""

    @property
    def field(self) -> str:
        """The name of the field, of which its key is drawn."""
        return self.named or f"{self.table}.{self.column}"


def _by_key(table: str, *columns: str) -> list[Sealed]:
    """Columns bound to the bare key of their row."""
    return [Sealed(table, column, "key") for column in columns]


_REVIEW = "'review:' || (SELECT key FROM review WHERE review.id = {}.review_id)"
SEALED: tuple[Sealed, ...] = (
    Sealed("person_account", "totp_secret", "'user:' || id", "user.totp"),
    Sealed("form_draft", "fields", "'user:' || user_id || ':' || key"),
    Sealed("roster_import", "content", "'roster_import:' || key"),
    Sealed("person_paper", "number", "'person:' || person_id"),
    Sealed("person_paper", "health", "'person:' || person_id"),
    Sealed("connector_account", "secret", "'connector:' || key", "connector.secret"),
    Sealed("bank_feed", "secret", "'bank_account:' || bank_account_id || ':' || provider"),
    Sealed("rail_account", "secrets", "'rail_account:' || id"),
    Sealed("producer_account", "payee", "'producer:' || producer_id"),
    Sealed("refund", "payee", "'refund:' || id"),
    Sealed("saleor_instance", "token", "'saleor_instance:' || id"),
    Sealed("review", "answers", "'review:' || key"),
    Sealed("witnessed_mark", "witness", _REVIEW.format("witnessed_mark")),
    Sealed("witnessed_mark", "photo", _REVIEW.format("witnessed_mark")),
    Sealed("need", "note", "'need:' || key"),
    Sealed("need_step", "answer", "'need:' || (SELECT key FROM need WHERE need.id = need_step.need_id)"),
    Sealed("record_request", "words", "'record_request:' || key"),
    Sealed("record_request", "answer", "'record_request:' || key"),
    *_by_key("sales_year", "words", "answer"),
    *_by_key("case_step", "note"),
    *_by_key("village_meeting", "minutes"),
    Sealed(
        "meeting_vote",
        "dissent",
        "(SELECT key FROM village_meeting WHERE village_meeting.id = meeting_vote.meeting_id) || ':' || "
        "(SELECT key FROM review_case WHERE review_case.id = meeting_vote.case_id)",
    ),
    *_by_key("objection", "said", "contact", "answer"),
    Sealed("case_traits", "said", "'case:' || case_id"),
    Sealed("counted_home", "traits", "'home:' || household_id || ':' || year"),
    *_by_key("care_plan", "goal"),
    *_by_key("care_step", "what"),
    *_by_key("care_visit", "note"),
    *_by_key("recheck", "note", "words"),
    *_by_key("question_answer", "words"),
    Sealed("draw_seed", "seed", "'draw_seed:' || province_id || ':' || round_year"),
    Sealed("breach", "what", "'breach:' || key"),
    Sealed("breach", "measures", "'breach:' || key"),
    Sealed("scanned_paper", "photo", "'scan:' || key"),
    Sealed("phone_entry", "body", "'phone_entry:' || key"),
    Sealed("phone_entry", "photo", "'phone_entry:' || key"),
)
