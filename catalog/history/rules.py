"""What a change of a product is, and how two states of it differ."""

from collections.abc import Mapping
from enum import StrEnum

from core.i18n import N_

Value = str | int | bool | None


class Deed(StrEnum):
    """What was done to a product."""

    CREATED = "created"
    WORDS = "words"
    PACK_ADDED = "pack_added"
    PACK = "pack"
    PACK_RETIRED = "pack_retired"
    STATE = "state"
    PHOTO_ADDED = "photo_added"
    PHOTO = "photo"
    PHOTO_DELETED = "photo_deleted"
    CONFIRMED = "confirmed"


DEED_NAMES: dict[Deed, str] = {
    Deed.CREATED: N_("Ghi món mới"),
    Deed.WORDS: N_("Sửa lời và thông tin"),
    Deed.PACK_ADDED: N_("Thêm quy cách"),
    Deed.PACK: N_("Sửa quy cách"),
    Deed.PACK_RETIRED: N_("Thôi bán quy cách"),
    Deed.STATE: N_("Đăng bán, cất đi"),
    Deed.PHOTO_ADDED: N_("Thêm ảnh"),
    Deed.PHOTO: N_("Sửa ảnh"),
    Deed.PHOTO_DELETED: N_("Xoá ảnh"),
    Deed.CONFIRMED: N_("Chủ hàng nhận phần điền giúp"),
}
FIELD_NAMES: dict[str, str] = {
    "name": N_("Tên hàng"),
    "category_id": N_("Loại hàng"),
    "story": N_("Lời kể"),
    "ingredients": N_("Thành phần"),
    "usage": N_("Cách dùng"),
    "storage": N_("Cách giữ"),
    "warning": N_("Lưu ý"),
    "notification_number": N_("Số công bố mỹ phẩm"),
    "shelf_life_days": N_("Dùng được bao lâu"),
    "origin_commune_id": N_("Làm ở xã nào"),
    "ocop_stars": N_("Sao OCOP"),
    "allergens": N_("Chất dễ gây dị ứng"),
    "harvest_months": N_("Tháng thu hoạch"),
    "label": N_("Tên quy cách"),
    "net_quantity": N_("Lượng"),
    "net_unit": N_("Đơn vị"),
    "gross_weight_g": N_("Nặng cả bì"),
    "price_vnd": N_("Giá bán"),
    "price_per_kg_vnd": N_("Giá một ki-lô"),
    "piece_min_g": N_("Nhẹ nhất bao nhiêu"),
    "gtin": N_("Mã vạch"),
    "active": N_("Đang bán quy cách này"),
    "state": N_("Trạng thái"),
    "alt": N_("Lời tả ảnh"),
    "position": N_("Thứ tự ảnh"),
    "helper_user_id": N_("Người điền giúp"),
}


def difference(
    before: Mapping[str, Value], after: Mapping[str, Value]
) -> tuple[dict[str, Value], dict[str, Value]]:
    """The fields that differ, as they were and as they are. A field missing on one side counts as nothing there.

    >>> difference({"name": "Miến", "story": ""}, {"name": "Miến dong", "story": ""})
    ({'name': 'Miến'}, {'name': 'Miến dong'})
    """
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}
