"""The categories the market starts with: slug, names, kind, illustration. Added by `flask catalog categories`."""

from sqlalchemy import select

from catalog.models import Category
from catalog.rules import Kind
from core.db import db

CATEGORIES: tuple[tuple[str, str, str, Kind, str], ...] = (
    ("tinh-dau", "Tinh dầu thơm nhà", "Essential oils", Kind.ROOM_SCENT, "tinh-dau-sa"),
    ("mien-bun", "Miến, bún", "Noodles", Kind.FOOD, "mien-dong"),
    ("nam-mang", "Nấm, măng", "Mushrooms", Kind.FOOD, "nam"),
    ("tra-duoc-lieu", "Trà, dược liệu", "Tea and herbs", Kind.FOOD, "tra"),
    ("gao-nep", "Gạo, nếp", "Rice", Kind.FOOD, "nep"),
    ("bot-nghe", "Bột, nghệ", "Starch, turmeric", Kind.FOOD, "nghe"),
    ("mat-ong", "Mật ong", "Honey", Kind.FOOD, "mat-ong"),
    ("ca-phe", "Cà phê", "Coffee", Kind.FOOD, "ca-phe-bot"),
    ("hat-do-say", "Hạt, đồ sấy", "Nuts, dried fruit", Kind.FOOD, "mac-ca"),
    ("rau-qua", "Rau, quả tươi", "Fresh produce", Kind.FOOD, "bi-xanh"),
    ("cham-soc", "Chăm sóc cơ thể", "Body care", Kind.COSMETIC, "tinh-dau-buoi"),
    ("bao-ve-suc-khoe", "Thực phẩm sức khỏe", "Health foods", Kind.HEALTH_FOOD, "nghe"),
    ("tho-cam", "Thổ cẩm, đồ thủ công", "Brocade, crafts", Kind.CRAFT, "tho-cam"),
)


def load_categories() -> int:
    """Add the categories that are not there yet; how many were added. Inside a transaction."""
    known = set(db.session.execute(select(Category.slug)).scalars())
    fresh = [
        Category(slug=slug, name=name, name_en=name_en, kind=kind, illustration=picture, position=place)
        for place, (slug, name, name_en, kind, picture) in enumerate(CATEGORIES)
        if slug not in known
    ]
    db.session.add_all(fresh)
    db.session.flush()
    return len(fresh)
