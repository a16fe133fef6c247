"""Texts that families see, measured: how long sentences are, and how many words of offices they hold unexplained.

A proxy, not a proof: nobody of five years at school was asked. Limits: no sentence beyond 20 syllables (tiếng), 10 on
average over those that are more than a label; at most 5 unexplained words of law in 1,000 syllables, and none of the
words that only offices use. A written Vietnamese syllable is a word or half a word, so that 20 of them are stricter
than the 25 words at which GOV.UK and the Australian Style Manual break a sentence, and 10 than their average of 15.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file

from registry.followup.rules import FINDING_WORDS, STANDING_WORDS, STEP_WORDS, WHO_WORDS
from registry.procedure.rules import CLASS_WORDS, NEXT_WORDS, STATE_WORDS
from registry.procedure.words import EVENT_WORDS
from registry.rules import CLASS_NAMES
from tests.registry_plain.words import FIXED, OFFICE

ROOT = Path(__file__).resolve().parents[2]
SENTENCE_MOST, AVERAGE_MOST, LABEL = 20, 10, 4  # syllables
FIXED_MOST = 5  # unexplained, in 1,000 syllables
PAGES = [
    "declare",
    "question",
    "check",
    "confirm",
    "result",
    "_explained",
    "_demo",
    "needs/mine",
    "needs/say",
    "needs/one",
    "needs/_parts",
    "needs/schemes",
    "record/mine",
    "record/ask",
    "procedure/mine",
    "procedure/certificate",
    "procedure/posting",
    "procedure/objection",
    "followup/mine",
    "followup/_parts",
    "sales/own",
    "phones/own",
    "phones/pin",
    "phones/phone",
    "phones/mark",
    "phones/sheet",
]
CODE = [
    "questions",
    "sentences",
    "operations",
    "rules",
    "needs/kinds",
    "needs/rules",
    "needs/forms",
    "needs/operations",
    "record/rules",
    "record/words",
    "record/forms",
    "record/held",
    "record/operations",
    "sales/rules",
    "sales/operations",
    "confirming/operations",
]  # with the messages that are sent to families, and what a verb answers them
KEYWORDS = {"_": None, "_l": None, "N_": None}
READING = {"extensions": "jinja2.ext.do", "silent": "false"}


def texts() -> dict[str, list[str]]:
    """Where a text stands → the texts, Vietnamese being what the code says."""
    found: dict[str, list[str]] = {}
    for names, method, path in (
        (PAGES, "jinja2", "templates/registry/{}.html"),
        (CODE, "python", "registry/{}.py"),
    ):
        for name in names:
            file = ROOT / path.format(name)
            rows = extract_from_file(method, file, KEYWORDS, options=READING if method == "jinja2" else None)
            found[path.format(name)] = [one for row in rows for one in _said(row[1])]
            assert found[path.format(name)], f"no text in {file}: is it still where it was?"
    dicts = (STATE_WORDS, NEXT_WORDS, CLASS_WORDS, CLASS_NAMES, STANDING_WORDS, FINDING_WORDS, WHO_WORDS,
             EVENT_WORDS)  # fmt: skip
    found["words of states"] = [one for words in dicts for one in words.values()]
    found["words of states"] += [one for one, _kind in STEP_WORDS.values()]
    prompts = json.loads((ROOT / "accounts/voices/prompts.json").read_text(encoding="utf-8"))
    found["helps read aloud"] = [one["vi"] for one in prompts if one["id"].startswith(("declare.", "needs."))]
    return found


def _said(message: str | tuple[str, ...]) -> Iterable[str]:
    return (message,) if isinstance(message, str) else message


def sentences(text: str) -> list[str]:
    """A text's sentences; what a page fills in is one syllable.

    >>> sentences("Xã họp. Ngày %(day)s: ký, xong")
    ['Xã họp.', 'Ngày x:', 'ký, xong']
    """
    return [
        one
        for one in re.split(r"(?<=[.?:;…])\s+|\n", re.sub(r"%\(\w+\)s|\{n\}", "x", text))
        if syllables(one)
    ]


def syllables(text: str) -> int:
    """Written syllables and numbers.

    >>> syllables("Hết ngày 14, hai cán bộ ký.")
    7
    """
    return len(re.findall(r"[^\W_]+", text))


def unexplained(sentence: str) -> list[str]:
    """Words of law in a sentence that does not say what they mean.

    >>> unexplained("Xã niêm yết danh sách."), unexplained("Xã dán danh sách (niêm yết).")
    (['niêm yết'], [])
    """
    low = sentence.lower()
    return [word for word, by in FIXED.items() if word in low and not re.search(by, low.replace(word, " "))]


def of_offices(sentence: str) -> list[str]:
    """Words in a sentence that have an everyday one."""
    return [word for word in OFFICE if word in sentence.lower()]


@pytest.fixture(scope="module")
def said() -> list[tuple[str, str]]:
    """(where, sentence) of everything that families see."""
    return [(where, one) for where, rows in texts().items() for text in rows for one in sentences(text)]


def test_no_sentence_is_longer_than_one_breath(said: list[tuple[str, str]]) -> None:
    assert len(said) > 900
    long = {one: f"{syllables(one)}, {where}" for where, one in said if syllables(one) > SENTENCE_MOST}
    assert long == {}
    whole = [syllables(one) for _where, one in said if syllables(one) > LABEL]
    assert sum(whole) / len(whole) <= AVERAGE_MOST


def test_words_that_only_offices_use_are_not_used(said: list[tuple[str, str]]) -> None:
    assert {one: found for _where, one in said if (found := of_offices(one))} == {}


def test_words_of_law_are_few_and_mostly_explained_where_they_stand(said: list[tuple[str, str]]) -> None:
    found = {(where, one): hard for where, one in said if (hard := unexplained(one))}
    everything = sum(syllables(one) for _where, one in said)
    assert sum(map(len, found.values())) * 1_000 <= FIXED_MOST * everything, found


def test_what_comes_next_never_leaves_a_word_of_law_unexplained() -> None:
    every = [one for text in NEXT_WORDS.values() for one in sentences(text)]
    assert {one: hard for one in every if (hard := [*unexplained(one), *of_offices(one)])} == {}


def test_the_measure_sees_a_hard_text() -> None:
    hard = (
        "Căn cứ kết quả thẩm định, cơ quan có thẩm quyền ban hành quyết định công nhận đối tượng thụ hưởng "
        "theo quy định."
    )
    assert (
        syllables(hard) > SENTENCE_MOST and len(of_offices(hard)) == 6 and unexplained(hard) == ["công nhận"]
    )
