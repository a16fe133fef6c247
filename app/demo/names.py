"""Invented names, as they are common among each group. Codes are those of the list gso-121-1979."""

from random import Random

FAMILY = {
    "01": "Nguyễn Trần Lê Phạm Vũ Đỗ Bùi Hoàng",
    "02": "Nông Hoàng Lý Hà Ma Lương Đàm Bế Triệu",
    "07": "Nông Lục Hoàng Vi Lương Chu Mông",
    "09": "Bàn Triệu Đặng Phùng Lý Chảo Tẩn",
    "08": "Giàng Vàng Sùng Lầu Thào Mùa",
    "12": "Niê Ayun Mlô Êban Kbuôr",
    "15": "Điểu Thị Y",
}
MIDDLE = {"female": "Thị Thu Mai Hồng Kim", "male": "Văn Đức Minh Quang Hữu"}
GIVEN = {
    "female": "Lềnh Mẩy Hoan Nga Liên Xuyến Duyên Nhung Thắm Hiền Lan Huệ Sen Bích Thoa Ngọc Yến Hạnh Dung Pham",
    "male": "Dũng Tài Sơn Lâm Hùng Chiến Páo Sinh Khoa Toàn Bảo Long Thành Vượng Nghĩa Hiệp Cường Thắng Phúc Lộc",
}
VILLAGES = ("Nà Mẫu", "Khuổi Mẫu", "Bản Mẫu", "Nà Lẹng", "Pác Mẫu", "Cốc Mẫu")
BUYERS = (
    "Đỗ Minh Anh", "Phạm Thu Trang", "Vũ Hải Yến", "Lê Quốc Bảo", "Trần Mỹ Linh", "Nguyễn Đức Huy", "Bùi Thanh Tâm",
    "Hoàng Gia Hân", "Đặng Ngọc Mai", "Phan Tuấn Kiệt", "Ngô Bảo Châu Mẫu", "Dương Khánh Vy", "Trịnh Hoài Nam",
    "Mai Phương Thảo", "Đinh Công Minh", "Lâm Tuyết Nhi",
)  # fmt: skip
STREETS = ("Số 8, ngõ Mẫu", "Tầng 3, nhà B2", "Số 120, phố Mẫu", "Số 15, hẻm Mẫu", "Căn 1204, toà A")


def person(random: Random, group: str, sex: str) -> str:
    """A full name of a group and sex."""
    family = random.choice(FAMILY.get(group, FAMILY["01"]).split())
    middle = random.choice(MIDDLE[sex].split())
    return f"{family} {middle} {random.choice(GIVEN[sex].split())}"


def phone(number: int) -> str:
    """An invented mobile number: 0900 000 000 upwards, never anybody's on purpose."""
    return f"+8490{number:07}"
