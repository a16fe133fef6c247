"""What cells of figures are called, in the reader's language."""

from core.i18n import N_, _
from registry.figures.rules import ABSENT, CLASSES, GROUP_NAMES, MOVEMENT_NAMES, UNKNOWN, Movement
from registry.questions import INDICATOR_NAMES
from registry.rules import CLASS_NAMES, HouseholdClass

TABLE_NAMES = {
    "classes": N_("Mức sống theo bản kê khai"),
    "sex": N_("Theo chủ hộ nam, nữ"),
    "ethnic": N_("Theo dân tộc của chủ hộ"),
    "age": N_("Theo tuổi của chủ hộ"),
    "moves": N_("Từ đợt trước sang đợt này"),
}
SHEET_NAMES = {
    "classes": N_("Mức sống theo bản kê khai"),
    "lacks": N_("Thứ hộ đang thiếu"),
    "groups": N_("Theo nhóm chủ hộ"),
}
LACK_NAMES = {"yes": N_("Thiếu"), "no": N_("Không thiếu"), UNKNOWN: N_("Chưa nói được")}


def class_name(code: str) -> str:
    """A class, or that a household did not declare."""
    return _("Không kê khai") if code == ABSENT else _(CLASS_NAMES[HouseholdClass(code)])


def indicator_name(code: str) -> str:
    """A lack as families read it."""
    return _(INDICATOR_NAMES[code]) if code in INDICATOR_NAMES else code


def group_name(code: str) -> str:
    """A group of heads of household."""
    return _(GROUP_NAMES[code])


def table_name(name: str) -> str:
    """A public table."""
    if name.startswith("lack-"):
        return _("Thiếu: %(name)s", name=indicator_name(name.removeprefix("lack-")))
    return _(TABLE_NAMES[name])


def cell_name(cell: str) -> str:
    """A column: 'class/poor', 'lack/water/yes', 'sex/female/poor', 'move/none/poor', 'change/new'."""
    kind, *rest = cell.split("/")
    if kind == "class":
        return class_name(rest[0])
    if kind == "change":
        return _(MOVEMENT_NAMES[Movement(rest[0])])
    if kind == "lack":
        return f"{indicator_name(rest[0])}: {_(LACK_NAMES[rest[1]])}"
    if kind == "move":
        return _("%(was)s → %(now)s", was=class_name(rest[0]), now=class_name(rest[1]))
    return f"{group_name(rest[0])}: {class_name(rest[1])}"


def class_names() -> list[str]:
    """The classes in the order of figures."""
    return [class_name(one) for one in CLASSES]
