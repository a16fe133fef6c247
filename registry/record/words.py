"""What audit lines say, in words a family reads."""

from accounts.rules import Role
from core.i18n import N_
from registry.procedure.words import EVENT_WORDS

ROLE_NAMES: dict[str, str] = {
    Role.BUYER: N_("người dùng chợ"),
    Role.PRODUCER: N_("người giao hàng"),
    Role.MANAGER: N_("quản lý hợp tác xã"),
    Role.TREASURER: N_("thủ quỹ hợp tác xã"),
    Role.DIGITAL_TEAM: N_("tổ công nghệ số"),
    Role.VILLAGE_HEAD: N_("trưởng thôn"),
    Role.COMMUNE_OFFICER: N_("cán bộ xã"),
    Role.PROVINCE_OFFICER: N_("cán bộ tỉnh"),
    Role.PROJECT_STAFF: N_("cán bộ dự án"),
    Role.ADMINISTRATOR: N_("quản trị chợ"),
    Role.SYSTEM: N_("máy của chợ"),
}
VERBS: dict[str, str] = {
    "create household": N_("Ghi hộ vào sổ"),
    "add person": N_("Ghi thêm một người"),
    "move person": N_("Ghi một người chuyển hộ"),
    "link user": N_("Gắn một người với tài khoản"),
    "give consent": N_("Ghi lời đồng ý"),
    "withdraw consent": N_("Ghi việc bỏ đồng ý"),
    "start declaration": N_("Mở bản kê khai"),
    "help declaration": N_("Giúp kê khai"),
    "finish declaration": N_("Kê xong"),
    "ask to confirm": N_("Gửi mã để hộ xác nhận"),
    "confirm declaration": N_("Hộ xác nhận bản kê khai"),
    "withdraw declaration": N_("Rút bản kê khai"),
    "answer declaration": N_("Ghi cả bản kê khai"),
    "set household pin": N_("Đặt mã PIN của hộ"),
    "read mark": N_("Xem ảnh tờ giấy hộ đã ký"),
    "take case along": N_("Mang tên chủ hộ theo máy vào thôn, trong 24 giờ"),
    "bring from phone": N_("Gửi bản viết lúc không có mạng"),
    "compare two": N_("Xem hai bản khác nhau"),
    "choose between two": N_("Chọn giữa hai bản khác nhau"),
    "read declaration": N_("Xem bản kê khai"),
    "list declarations": N_("Xem danh sách các hộ đã kê khai"),
    "read case": N_("Xem hồ sơ xét hộ"),
    "declare kin": N_("Khai có người nhà trong hộ"),
    "draw re-check": N_("Rút thăm để xã khác xem lại"),
    "re-check": N_("Xã khác xem lại"),
    "settle re-check": N_("Tỉnh quyết định chỗ khác nhau"),
    "make plan": N_("Viết kế hoạch với hộ"),
    "write plan step": N_("Ghi một bước của kế hoạch"),
    "end plan step": N_("Ghi một bước đã xong hay thôi"),
    "visit household": N_("Tới thăm giữa hai đợt"),
    "agree plan": N_("Ghi lời đồng ý với kế hoạch"),
    "read plan": N_("Xem kế hoạch và các lần tới thăm"),
    "list followup": N_("Xem danh sách các hộ đang theo dõi"),
    "print paper": N_("In giấy tờ"),
    "keep paper": N_("Giữ ảnh giấy đã ký"),
    "read paper": N_("Xem ảnh giấy đã ký"),
    "list cases": N_("Xem danh sách các hộ đang xét"),
    "list households": N_("Xem danh sách các hộ trong xã"),
    "say need": N_("Nói một nhu cầu"),
    "confirm need": N_("Hộ xác nhận nhu cầu"),
    "ask to confirm need": N_("Gửi mã để hộ xác nhận"),
    "read need": N_("Xem nhu cầu"),
    "list needs": N_("Xem danh sách nhu cầu"),
    "take need": N_("Nhận lo nhu cầu"),
    "close need": N_("Trả lời nhu cầu"),
    "reopen need": N_("Hỏi lại nhu cầu"),
    "withdraw need": N_("Rút nhu cầu"),
    "ask to correct": N_("Xin sửa hồ sơ"),
    "ask to object": N_("Phản đối cách dùng hồ sơ"),
    "ask to erase": N_("Xin xoá"),
    "read record request": N_("Xem yêu cầu về hồ sơ"),
    "answer record request": N_("Trả lời yêu cầu về hồ sơ"),
    "note identity": N_("Ghi số định danh hoặc sức khoẻ"),
    "read identity": N_("Xem 3 số cuối và điều ghi về sức khoẻ"),
    "erase identity": N_("Xoá số định danh và sức khoẻ"),
    "read household": N_("Xem hộ trong sổ"),
    "export record": N_("Lấy bản sao hồ sơ"),
}
PURPOSES: dict[str, str] = {
    "followup": N_("theo dõi sau công nhận"),
    "recheck": N_("xã khác xem lại"),
    "roster": N_("giữ sổ hộ đúng"),
    "review": N_("xét hộ"),
    "needs": N_("lo nhu cầu của hộ"),
    "need": N_("nói nhu cầu"),
    "declare": N_("giúp hộ kê khai"),
    "record request": N_("trả lời yêu cầu về hồ sơ"),
    "own record": N_("tự xem hồ sơ của mình"),
    "sales_bands": N_("cho xã xem mức bán hàng"),
    "self": N_("tự xác nhận"),
    "code": N_("xác nhận bằng mã"),
    "present": N_("xác nhận tại chỗ"),
    "pin": N_("xác nhận bằng mã PIN của hộ"),
    "mark": N_("hộ ký, có người làm chứng"),
}
SAW, WROTE = N_("Xem một phần hồ sơ"), N_("Ghi một phần hồ sơ")


def deed(verb: str) -> str:
    """The message id for an audit verb; what is not listed is at least said to be reading or writing."""
    if verb.startswith("case: "):
        return EVENT_WORDS.get(verb.removeprefix("case: ").replace(" ", "_"), WROTE)
    return VERBS.get(verb) or (SAW if verb.startswith(("read", "list", "export", "search")) else WROTE)
