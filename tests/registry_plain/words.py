"""Words of offices that a family of five years at school may not know, each with what explains it.

Ours, made by reading every text that families see; not a published list. FIXED stand in the law or on its forms, so
that a family meets them on paper and has to recognise them; an occurrence counts as explained where its own sentence
also holds the pattern beside it. OFFICE are for offices alone: families read the everyday word beside them instead.
"""

FIXED: dict[str, str] = {
    "niêm yết": "dán|bà con xem",
    "công nhận": r"\bký\b",
    "rà soát": r"\bxét\b",
    "tái nghèo": "nghèo trở lại",
    "định danh": "căn cước",
    "phụ thuộc": "phải nuôi",
    "dinh dưỡng": "ăn|cân",
    "trợ cấp": "tiền hằng tháng|hằng tháng",
    "biểu quyết": "giơ tay",
}
OFFICE: dict[str, str] = {
    "thẩm định": "tới xem",
    "trình ký": "hai cán bộ",
    "đối chiếu": "so với",
    "văn bản": "giấy",
    "phản đối": "không đồng ý",
    "chứng từ": "giấy tờ",
    "ban hành": "ra",
    "thụ hưởng": "được nhận",
    "đối tượng": "người",
    "căn cứ": "theo",
    "tiêu chí": "điều",
    "xác minh": "xem lại",
    "phúc tra": "xem lại",
    "kiến nghị": "xin",
    "khiếu nại": "không đồng ý",
    "uỷ quyền": "nhờ",
    "hợp lệ": "đúng",
    "thẩm quyền": "được quyền",
    "tổng hợp": "cộng",
    "triển khai": "làm",
    "thực hiện": "làm",
    "hoàn tất": "xong",
    "cung cấp": "cho",
    "tiếp nhận": "nhận",
    "phê duyệt": "đồng ý",
}
