"""What a household may ask about its record, and by when it is answered. Pure."""

from enum import StrEnum

from core.i18n import N_

TEXT_MAX = 600
ANSWER_DAYS = 10  # working days; the market's own promise: the time limit of Decree 356/2025 was not checked


class Ask(StrEnum):
    """What is asked."""

    CORRECT = "correct"
    OBJECT = "object"
    ERASE = "erase"


class AskState(StrEnum):
    """Where a request stands."""

    OPEN = "open"
    GRANTED = "granted"
    REFUSED = "refused"


class Part(StrEnum):
    """The parts of a record, as the household's page names them."""

    HOUSEHOLD = "household"
    PEOPLE = "people"
    ROSTER = "roster"
    DECLARATIONS = "declarations"
    CASES = "cases"
    NEEDS = "needs"
    CARE = "care"
    CONSENTS = "consents"
    SALES = "sales"
    READS = "reads"
    REQUESTS = "requests"


PART_NAMES: dict[Part, str] = {
    Part.HOUSEHOLD: N_("Hộ và nơi ở"),
    Part.PEOPLE: N_("Người trong nhà"),
    Part.ROSTER: N_("Sinh, mất, cưới, chuyển đi, chuyển đến"),
    Part.DECLARATIONS: N_("Bản kê khai và kết quả tính thử"),
    Part.CASES: N_("Hồ sơ xét hộ nghèo"),
    Part.NEEDS: N_("Nhu cầu đã nói"),
    Part.CARE: N_("Kế hoạch với xã và các lần tới thăm"),
    Part.CONSENTS: N_("Những điều đã đồng ý"),
    Part.SALES: N_("Mức bán hàng xã thấy được"),
    Part.READS: N_("Ai đã xem, đã ghi"),
    Part.REQUESTS: N_("Yêu cầu của nhà mình về hồ sơ"),
}
ASK_NAMES: dict[Ask, str] = {
    Ask.CORRECT: N_("Xin sửa chỗ sai"),
    Ask.OBJECT: N_("Không đồng ý cách dùng hồ sơ"),
    Ask.ERASE: N_("Xin xoá"),
}
ASK_STATES: dict[AskState, tuple[str, str]] = {
    AskState.OPEN: (N_("Chờ xã trả lời"), "warn"),
    AskState.GRANTED: (N_("Đã làm theo"), "good"),
    AskState.REFUSED: (N_("Không làm theo, có lý do"), "bad"),
}
# What stays after an erasure, and why. Each is our reading; none was compared with the text of the law.
STAYS: tuple[tuple[str, str], ...] = (
    (
        N_("Bản kê khai đã gửi và kết quả của nó"),
        N_("Xã dùng để xét hộ và phải giải thích được về sau."),
    ),
    (
        N_("Lý do trong hồ sơ đã xét xong, biên bản họp thôn, ảnh giấy đã ký"),
        N_("Xã phải giải thích được quyết định. Hết hạn giữ thì tự xoá."),
    ),
    (
        N_("Tên người trong nhà và nơi ở"),
        N_("Còn là hộ trong sổ của xã, hoặc còn giao hàng cho hợp tác xã."),
    ),
    (
        N_("Hàng đã giao và tiền đã trả"),
        N_("Là giấy tờ tiền nong mà hợp tác xã phải giữ."),
    ),
    (
        N_("Dòng ghi ai đã xem, lúc nào"),
        N_("Để nhà mình còn kiểm tra được. Dòng này không chứa câu trả lời."),
    ),
    (
        N_("Loại nhu cầu, ngày nói và cách xã trả lời"),
        N_("Để đếm nhu cầu chưa được giúp. Lời nhà mình kể thì xoá."),
    ),
)
