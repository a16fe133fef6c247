"""The columns that a table of goods may have, and the headings that mean them in cooperatives' tables. Pure data."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.i18n import N_


@dataclass(frozen=True)
class Column:
    """One kind of column. title: as we write it. known_as: folded headings that mean it, apart by commas.

    many: may stand more than once.
    """

    key: str
    title: str
    known_as: str = ""
    many: bool = False

    @property
    def also(self) -> tuple[str, ...]:
        """The other headings that mean it."""
        return tuple(name.strip() for name in self.known_as.split(",") if name.strip())


COLUMNS: tuple[Column, ...] = (
    Column(
        "code",
        N_("Mã hàng"),
        "ma, ma sp, ma san pham, ma so, ma hang hoa, sku, code, product code, item code, ky hieu",
    ),
    Column(
        "gtin",
        N_("Mã vạch"),
        "ma vach ean, ma so ma vach, barcode, ean, ean13, ean 13, gtin, upc",
    ),
    Column(
        "name",
        N_("Tên hàng"),
        "ten, ten sp, ten san pham, ten hang hoa, ten mat hang, mat hang, san pham, hang hoa, hang, ten "
        "san pham hang hoa, ten hang hoa dich vu, dien giai, name, product, product name, item",
    ),
    Column(
        "category",
        N_("Loại hàng"),
        "loai, loai san pham, loai sp, nhom, nhom hang, nhom san pham, nganh hang, danh muc, phan loai, "
        "chung loai, category, type, group, "
        "kind of goods",
    ),
    Column(
        "label",
        N_("Quy cách"),
        "quy cach dong goi, dong goi, bao bi, ten quy cach, loai goi, kieu goi, packing, pack, packaging",
    ),
    Column(
        "quantity",
        N_("Lượng"),
        "khoi luong, khoi luong tinh, trong luong, trong luong tinh, dung tich, dinh luong, the tich, so "
        "luong trong goi, luong tinh, kl, kl tinh, tl, net, net weight, weight, quantity, volume, size, "
        "khoi luong the tich",
    ),
    Column(
        "unit",
        N_("Đơn vị"),
        "don vi tinh, dvt, dv, don vi do, unit, uom, units",
    ),
    Column(
        "price",
        N_("Giá bán"),
        "gia, don gia, gia ban le, gia le, gia niem yet, gia tien, gia ban ra, thanh tien, gia sp, gia "
        "san pham, don gia ban, price, unit price, retail price, vnd",
    ),
    Column(
        "price_per_kg",
        N_("Giá một ki-lô"),
        "gia mot kg, gia kg, gia moi kg, gia 1 kg, don gia kg, gia theo can, price per kg, price per kilogram, "
        "price of a kilogram",
    ),
    Column(
        "gross",
        N_("Nặng cả bì"),
        "khoi luong ca bi, trong luong ca bi, khoi luong van chuyen, can nang, can nang ca bi, trong "
        "luong gui, gross, gross weight, shipping weight, "
        "packed weight",
    ),
    Column(
        "story",
        N_("Kể về món này"),
        "gioi thieu, mo ta, mo ta san pham, gioi thieu san pham, dac diem, cau chuyen, cau chuyen san "
        "pham, noi dung, thong tin, thong tin san pham, description, story, about, details, "
        "tell about it",
    ),
    Column(
        "ingredients",
        N_("Thành phần"),
        "nguyen lieu, thanh phan nguyen lieu, ingredients, composition",
    ),
    Column(
        "usage",
        N_("Cách dùng"),
        "huong dan su dung, hdsd, cach su dung, su dung, cong dung, cach che bien, usage, how to use, "
        "directions, "
        "how to use it",
    ),
    Column(
        "storage",
        N_("Cách giữ"),
        "bao quan, cach bao quan, huong dan bao quan, hdbq, storage",
    ),
    Column(
        "shelf_life",
        N_("Dùng được bao nhiêu ngày"),
        "han dung, thoi han su dung, hsd, han su dung, thoi gian bao quan, so ngay dung, dung duoc, shelf "
        "life, shelf life days, best before, expiry, expires, "
        "keeps for how many days",
    ),
    Column(
        "made_on",
        N_("Ngày sản xuất"),
        "nsx, ngay sx, ngay lam, san xuat ngay, made on, production date",
    ),
    Column(
        "allergens",
        N_("Chất dễ gây dị ứng"),
        "di ung, chat gay di ung, allergens, contains",
    ),
    Column(
        "warning",
        N_("Lưu ý"),
        "canh bao, khuyen cao, thong tin canh bao, warning, caution",
    ),
    Column(
        "notification_number",
        N_("Số công bố mỹ phẩm"),
        "so cong bo, so phieu cong bo, so tiep nhan, notification number, notification, "
        "cosmetics notification number",
    ),
    Column(
        "origin",
        N_("Làm ở xã nào"),
        "xa, xuat xu, noi san xuat, noi lam, dia chi san xuat, vung trong, xa phuong, nguon goc, origin, "
        "commune, made in, place, "
        "made in which commune",
    ),
    Column(
        "harvest_months",
        N_("Tháng thu hoạch"),
        "mua vu, mua thu hoach, thoi vu, thang thu hoach, mua, harvest, season, harvest months",
    ),
    Column(
        "ocop_stars",
        N_("Sao OCOP"),
        "ocop, hang ocop, so sao, hang sao, sao, xep hang ocop, ocop stars",
    ),
    Column(
        "photos",
        N_("Ảnh"),
        "hinh, hinh anh, anh san pham, ten anh, ten file anh, tep anh, file anh, image, images, photo, "
        "photos, picture",
        many=True,
    ),
)
BY_KEY: Mapping[str, Column] = {one.key: one for one in COLUMNS}
# Known, and never read: running numbers, prices that are not for buyers, and what our own files add.
OURS_TO_READ = {"state": N_("Trạng thái"), "available": N_("Còn để bán"), "reason": N_("Vì sao chưa nhận")}
UNREAD = frozenset(
    [
        "stt",
        "tt",
        "so tt",
        "so thu tu",
        "no",
        "ghi chu",
        "note",
        "notes",
        "trang thai",
        "con de ban",
        "vi sao chua nhan",
        "state",
        "status",
        "left to sell",
        "why not taken",
        "gia nhap",
        "gia von",
        "gia si",
        "gia mua",
    ]
)
NEEDED = ("name", "code", "gtin")  # one of these says which product a row means
