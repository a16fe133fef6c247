"""A commune's list as it comes: headings, households, cells, and what is no person."""

from datetime import date

import pytest

from core.errors import Invalid
from core.headings import find_headings
from households.imports.columns import COLUMNS
from households.imports.rules import Row, birth, read_people, relation_of
from households.reference import ethnic_groups
from households.rules import Relation, Sex

TODAY = date(2026, 11, 22)
MESSY = [
    ["UBND XÃ CÔN MINH", None, None, None, None, None],
    ["DANH SÁCH HỘ GIA ĐÌNH", None, None, None, None, None],
    [
        "STT",
        "Họ và tên",
        "Quan hệ với\nchủ hộ",
        "Năm sinh\nNam",
        "Năm sinh\nNữ",
        "Thôn/bản",
        "Dân tộc",
        "Số CCCD",
    ],
    ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    [1, "Lý Thị Mẫu", "Chủ hộ", None, 1984, "Chè Cọ", "Dao", "006184000001"],
    [2, "Lý Văn Páo", "Con", "05/3/2010", None, None, "Dao", None],
    [3, "Triệu Văn Tá", "Chủ hộ", 1979, None, "Chè Cọ", "Người Trời", None],
    [4, None, "Vợ", None, 1980, None, "Tày", None],
    [5, "Bàn Thị Hoa", "con dâu", None, "31/02/2001", None, "H'Mông", None],
    ["Tổng cộng", None, None, None, None, None],
]


def people(table: list[list[object]], **more: str) -> list[Row]:
    """The persons of a table."""
    rows = [(number, tuple(row)) for number, row in enumerate(table, 1)]
    headings = find_headings([row for _no, row in rows], COLUMNS, {})
    assert headings is not None
    return read_people(rows, headings, ethnic_groups(), TODAY, **more)  # type: ignore[arg-type]


def test_a_messy_list_is_read_person_by_person() -> None:
    found = people(MESSY)
    assert [(one.number, one.name, one.relation.value) for one in found] == [
        (5, "Lý Thị Mẫu", "head"),
        (6, "Lý Văn Páo", "child"),
        (7, "Triệu Văn Tá", "head"),
        (8, "", "spouse"),
        (9, "Bàn Thị Hoa", "other"),
    ]
    assert (found[0].birth_year, found[0].sex, found[0].village) == (1984, Sex.FEMALE, "Chè Cọ")
    assert (found[1].birth_on, found[1].sex, found[1].village) == (date(2010, 3, 5), Sex.MALE, "Chè Cọ")
    assert found[0].group == found[1].group != found[2].group


def test_faults_name_their_cell_and_stop_no_other_row() -> None:
    found = people(MESSY)
    assert [[(fault.column, fault.stops) for fault in one.faults] for one in found] == [
        [],
        [],
        [("ethnic", False)],
        [("name", True)],
        [("birth_female", True)],
    ]
    assert [one.faulty for one in found] == [False, False, False, True, True]


def test_household_numbers_that_begin_again_in_each_village_are_not_mixed() -> None:
    head = ["Số hộ", "Họ và tên", "Thôn"]
    found = people([head, [1, "Lý Thị Mẫu", "Một"], [1, "Lý Văn Páo", "Một"], [1, "Bàn Văn Ba", "Hai"]])
    assert found[0].group == found[1].group != found[2].group


def test_two_heads_of_one_name_are_two_households() -> None:
    head = ["Họ và tên", "Quan hệ", "Năm sinh", "Thôn"]
    found = people([head, ["Lý Thị Mẫu", "CH", 1984, "Một"], ["Lý Thị Mẫu", "CH", 1990, "Một"]])
    assert found[0].group != found[1].group
    assert not any(one.faulty for one in found)


def test_the_same_person_twice_in_a_list_is_a_fault_of_the_second() -> None:
    head = ["Số hộ", "Họ và tên", "Năm sinh", "Thôn"]
    found = people([head, [1, "Lý Thị Mẫu", 1984, "Một"], [1, "LÝ THỊ MẪU", 1984, "Một"]])
    assert [one.faulty for one in found] == [False, True]


def test_a_village_head_takes_her_own_village_alone() -> None:
    head = ["Họ và tên", "Năm sinh", "Thôn"]
    found = people([head, ["Lý Thị Mẫu", 1984, "Một"], ["Bàn Văn Ba", 1980, "Hai"]], only_village="Một")
    assert [one.faulty for one in found] == [False, True]


def test_births_are_read_as_written_and_nonsense_is_refused() -> None:
    assert [birth(cell) for cell in (30746, "2/1990", "1990-02-05")] == [
        (date(1984, 3, 5), 1984),
        (None, 1990),
        (date(1990, 2, 5), 1990),
    ]
    with pytest.raises(Invalid):
        birth("khoảng 50")
    assert relation_of("Vợ") is Relation.SPOUSE
