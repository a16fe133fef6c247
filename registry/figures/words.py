"""What cells of figures are called, in the reader's language."""

from core.i18n import N_, _
from registry.figures.rules import (
    ABSENT,
    CAUSES,
    GROUP_NAMES,
    MOVEMENT_NAMES,
    UNKNOWN,
    Basis,
    Movement,
)
from registry.procedure.rules import CLASS_WORDS
from registry.questions import INDICATOR_NAMES
from registry.rules import CLASS_NAMES, HouseholdClass

TABLE_NAMES = {
    "classes": N_("Mức sống các hộ"),
    "sex": N_("Theo chủ hộ nam, nữ"),
    "ethnic": N_("Theo dân tộc của chủ hộ"),
    "age": N_("Theo tuổi của chủ hộ"),
    "disability": N_("Theo có người khuyết tật hay không"),
    "departs": N_("Mức khác với điểm"),
    "moves": N_("Từ đợt trước sang đợt này"),
}
SHEET_NAMES = {
    "classes": N_("Mức sống các hộ"),
    "poor": N_("Hộ nghèo"),
    "near-poor": N_("Hộ cận nghèo"),
    "escaped": N_("Ra khỏi mức nghèo"),
    "new": N_("Mới rơi vào mức nghèo"),
    "relapsed": N_("Trở lại mức nghèo"),
    "deprivations": N_("Thứ hộ đang thiếu"),
    "causes": N_("Vì sao nghèo"),
    "groups": N_("Theo nhóm hộ"),
    "moves": N_("Từ đợt trước sang đợt này"),
    "needs": N_("Nhu cầu các hộ đã nói"),
}
DEPARTS_NAMES = {
    "yes": N_("Công nhận mức khác với điểm"),
    "no": N_("Công nhận đúng mức theo điểm"),
    UNKNOWN: N_("Chưa công nhận"),
}
LACK_NAMES = {"yes": N_("Thiếu"), "no": N_("Không thiếu"), UNKNOWN: N_("Chưa nói được")}


def class_name(code: str, basis: Basis = Basis.DECLARED) -> str:
    """A class as it was declared or recognised, or that a household is not in that round."""
    if basis is Basis.RECOGNISED:
        return _("Chưa xét") if code == ABSENT else _(CLASS_WORDS[HouseholdClass(code)])
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


def cell_name(cell: str, basis: Basis = Basis.DECLARED) -> str:
    """'class/poor', 'lack/water/yes', 'sex/female/poor', 'cause/land/poor', 'move/none/poor', 'change/new'."""
    kind, *rest = cell.split("/")
    if kind == "class":
        return class_name(rest[0], basis)
    if kind == "change":
        return _(MOVEMENT_NAMES[Movement(rest[0])])
    if kind == "departs":
        return _(DEPARTS_NAMES[rest[0]])
    if kind == "lack":
        return f"{indicator_name(rest[0])}: {_(LACK_NAMES[rest[1]])}"
    if kind == "move":
        return _("%(was)s → %(now)s", was=class_name(rest[0], basis), now=class_name(rest[1], basis))
    first = _(CAUSES[rest[0]]) if kind == "cause" else group_name(rest[0])
    return f"{first}: {class_name(rest[1], basis)}"


BASIS_NAMES = {Basis.RECOGNISED: N_("Đã công nhận"), Basis.DECLARED: N_("Tự kê khai")}
