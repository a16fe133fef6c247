"""The review form, one question a page: what is asked, in everyday words, and what may be answered.

The fields are those a real review application asks (domain.md, Form B); the wording is ours. 'Không biết' is always an
answer. A question says which items of the income table (B1) and which indicators (B2) it serves.
"""

import json
from dataclasses import dataclass
from functools import cache

from core.i18n import N_, _, language
from registry.standards.files import shipped, text_of

DUNNO = "unknown"


@dataclass(frozen=True)
class Question:
    """One page. kind: 'choice' (options) or 'number' (whole, from low to high, with a unit)."""

    id: str
    text: str
    kind: str
    options: tuple[tuple[str, str], ...] = ()
    hint: str = ""
    low: int = 0
    high: int = 0
    unit: str = ""
    icon: str = "ask"


YES_NO = (("yes", N_("Có")), ("no", N_("Không")))
MATERIAL = (
    ("durable", N_("Xây gạch, bê tông, đá")),
    ("wood", N_("Gỗ bền chắc")),
    ("temporary", N_("Tre, nứa, đất, ván tạm")),
)

QUESTIONS: tuple[Question, ...] = (
    Question(
        "people",
        N_("Nhà mình có mấy người ăn ở chung?"),
        "number",
        low=1,
        high=30,
        unit=N_("người"),
        icon="people",
        hint=N_("Tính cả trẻ nhỏ. Không tính người đi làm xa quá 6 tháng."),
    ),
    Question(
        "children", N_("Trong đó mấy người dưới 16 tuổi?"), "number", high=20, unit=N_("người"), icon="people"
    ),
    Question(
        "allowance",
        N_("Mấy người già hoặc khuyết tật đang nhận trợ cấp hằng tháng?"),
        "number",
        high=20,
        unit=N_("người"),
        icon="people",
        hint=N_("Chỉ tính trợ cấp xã hội, không tính lương hưu."),
    ),
    Question(
        "jobless",
        N_("Có ai trong tuổi lao động, muốn làm mà không có việc, hoặc làm thuê không có hợp đồng?"),
        "choice",
        YES_NO,
        icon="user",
    ),
    Question(
        "wage_job",
        N_("Nhà mình có ai làm công ăn lương?"),
        "choice",
        (
            ("none", N_("Không có ai")),
            ("seasonal", N_("Có, theo mùa vụ")),
            ("one", N_("Một người, quanh năm")),
            ("two", N_("Hai người trở lên")),
        ),
        icon="money",
    ),
    Question(
        "pension", N_("Có ai nhận lương hưu hoặc trợ cấp người có công?"), "choice", YES_NO, icon="money"
    ),
    Question(
        "underweight",
        N_("Có cháu nào dưới 16 tuổi thấp còi hoặc nhẹ cân so với tuổi?"),
        "choice",
        (*YES_NO, ("no_child", N_("Nhà không có trẻ"))),
        icon="scale",
        hint=N_("Theo sổ theo dõi sức khoẻ, hoặc trạm y tế đã nói."),
    ),
    Question(
        "uninsured", N_("Có ai từ 6 tuổi trở lên chưa có thẻ bảo hiểm y tế?"), "choice", YES_NO, icon="shield"
    ),
    Question(
        "education_top",
        N_("Người học cao nhất trong nhà học tới đâu?"),
        "choice",
        (
            ("none", N_("Chưa hết cấp một, hoặc hết cấp một")),
            ("lower", N_("Hết cấp hai")),
            ("upper", N_("Hết cấp ba")),
            ("vocational", N_("Trung cấp, nghề")),
            ("college", N_("Cao đẳng, đại học")),
        ),
        icon="edit",
    ),
    Question(
        "young_unschooled",
        N_("Có ai 16 đến 30 tuổi không đi học, không học nghề, và chưa có bằng đúng tuổi?"),
        "choice",
        (*YES_NO, ("nobody", N_("Nhà không có ai tuổi đó"))),
        icon="edit",
        hint=N_("16–17 tuổi: hết cấp hai. 18–30 tuổi: hết cấp ba, hoặc có chứng chỉ nghề."),
    ),
    Question(
        "child_out",
        N_("Có cháu nào 3 đến dưới 16 tuổi chưa được học đúng lớp?"),
        "choice",
        (*YES_NO, ("no_child", N_("Nhà không có trẻ"))),
        icon="edit",
    ),
    Question("walls", N_("Tường nhà bằng gì?"), "choice", MATERIAL, icon="house"),
    Question("columns", N_("Cột nhà bằng gì?"), "choice", MATERIAL, icon="house"),
    Question(
        "roof",
        N_("Mái nhà lợp gì?"),
        "choice",
        (
            ("durable", N_("Bê tông, ngói")),
            ("sheet", N_("Tôn, phi-brô xi măng")),
            ("temporary", N_("Lá, tranh, giấy dầu")),
        ),
        icon="house",
    ),
    Question(
        "area",
        N_("Nhà rộng bao nhiêu mét vuông?"),
        "number",
        low=1,
        high=1000,
        unit=N_("m²"),
        icon="house",
        hint=N_("Chỗ ở thôi, không tính chuồng và bếp rời. Áng chừng cũng được."),
    ),
    Question(
        "electricity",
        N_("Một tháng dùng bao nhiêu điện?"),
        "choice",
        (
            ("none", N_("Chưa có điện")),
            ("0-50", N_("Dưới 50 số")),
            ("50-100", N_("50 đến 100 số")),
            ("100+", N_("Hơn 100 số")),
        ),
        icon="clock",
        hint=N_("Xem giấy báo tiền điện tháng gần nhất."),
    ),
    Question(
        "water",
        N_("Nước ăn uống lấy từ đâu?"),
        "choice",
        (
            ("piped", N_("Nước máy")),
            ("drilled", N_("Giếng khoan")),
            ("protected", N_("Giếng đào, khe núi, bể mưa có che đậy")),
            ("stream", N_("Suối, ao, khe không che")),
        ),
        icon="drop",
    ),
    Question(
        "toilet",
        N_("Nhà vệ sinh loại nào?"),
        "choice",
        (
            ("flush", N_("Tự hoại")),
            ("hygienic", N_("Hai ngăn, thấm dội, hợp vệ sinh")),
            ("simple", N_("Hố đơn giản")),
            ("none", N_("Chưa có")),
        ),
        icon="home",
    ),
    Question(
        "waste",
        N_("Rác nhà mình xử lý thế nào?"),
        "choice",
        (
            ("collected", N_("Có người thu gom")),
            ("treated", N_("Chôn, ủ đúng cách")),
            ("open", N_("Đổ ra vườn, suối, hoặc đốt")),
        ),
        icon="leaf",
        hint=N_("Chuẩn 2027 mới tính câu này."),
    ),
    Question("internet", N_("Trong nhà có ai dùng mạng internet?"), "choice", YES_NO, icon="phone"),
    Question(
        "devices",
        N_("Nhà có ti vi, đài, điện thoại, máy tính nào không?"),
        "choice",
        (("yes", N_("Có ít nhất một thứ")), ("no", N_("Không có thứ nào"))),
        icon="sound",
    ),
    Question(
        "motorbike",
        N_("Nhà có xe máy, ô tô không?"),
        "choice",
        (
            ("no", N_("Không")),
            ("one", N_("Một xe máy")),
            ("more", N_("Hai xe máy trở lên")),
            ("car", N_("Có ô tô")),
        ),
        icon="truck",
    ),
    Question("fridge", N_("Nhà có tủ lạnh không?"), "choice", YES_NO, icon="box"),
    Question(
        "land",
        N_("Nhà có bao nhiêu đất làm ruộng, nương, rừng trồng?"),
        "choice",
        (
            ("none", N_("Không có")),
            ("small", N_("Dưới 2.000 m²")),
            ("medium", N_("2.000 m² đến 1 héc-ta")),
            ("large", N_("Hơn 1 héc-ta")),
        ),
        icon="leaf",
        hint=N_("Một héc-ta là 10.000 m². Áng chừng cũng được."),
    ),
    Question(
        "animals",
        N_("Nhà nuôi trâu, bò, lợn không?"),
        "choice",
        (("none", N_("Không")), ("few", N_("Một, hai con")), ("many", N_("Nhiều hơn"))),
        icon="leaf",
    ),
)
BY_ID: dict[str, Question] = {question.id: question for question in QUESTIONS}


@cache
def _english_options() -> dict[tuple[str, str], str]:
    """The English of every option, from the newest standard's file: one short word ("Có", "Không") says different
    things in different parts of the market, so the common catalogue cannot tell.
    """
    form = json.loads(text_of(list(shipped())[-1]))
    return {
        (row["code"], option["code"]): option["en"]
        for row in form["questions"]
        for option in row.get("options", [])
    }


def option_words(question: Question, value: str) -> str:
    """An option in the reader's language."""
    return _english_options()[question.id, value] if language() == "en" else dict(question.options)[value]


def shown_answer(question_id: str, given: str | int | None) -> str:
    """An answer in words."""
    asked = BY_ID[question_id]
    if given is None:
        return _("Chưa trả lời")
    if given == DUNNO:
        return _("Không biết")
    if asked.kind == "number":
        return f"{given} {_(asked.unit)}"
    return option_words(asked, str(given))


INDICATOR_NAMES: dict[str, str] = {
    "employment": N_("Việc làm"),
    "dependents": N_("Người phụ thuộc"),
    "nutrition": N_("Dinh dưỡng"),
    "health_insurance": N_("Bảo hiểm y tế"),
    "adult_education": N_("Học vấn của người lớn"),
    "child_schooling": N_("Trẻ em đi học"),
    "housing_quality": N_("Chất lượng nhà ở"),
    "housing_area": N_("Diện tích nhà ở"),
    "water": N_("Nước sinh hoạt"),
    "toilet": N_("Nhà vệ sinh"),
    "telecom": N_("Dùng internet"),
    "information_means": N_("Phương tiện nghe nhìn"),
    "waste": N_("Xử lý rác"),
}
ITEM_NAMES: dict[str, str] = {
    "people": N_("Số người"),
    "education_top": N_("Học vấn cao nhất"),
    "wage_job": N_("Làm công ăn lương"),
    "pension": N_("Lương hưu, trợ cấp"),
    "walls": N_("Tường"),
    "columns": N_("Cột"),
    "roof": N_("Mái"),
    "area_per_head": N_("Diện tích một người"),
    "electricity": N_("Điện"),
    "water": N_("Nước"),
    "toilet": N_("Nhà vệ sinh"),
    "motorbike": N_("Xe"),
    "fridge": N_("Tủ lạnh"),
    "land": N_("Đất"),
    "animals": N_("Gia súc"),
}
