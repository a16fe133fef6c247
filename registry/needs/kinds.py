"""The twelve kinds of need, how pressing they are, and their words."""

from enum import StrEnum

from core.i18n import N_


class NeedKind(StrEnum):
    """What a household may ask for."""

    HEALTH = "health"
    INSURANCE = "insurance"
    SCHOOLING = "schooling"
    LOAN = "loan"
    HOUSING = "housing"
    WATER = "water"
    TOILET = "toilet"
    TOOLS = "tools"
    WORK = "work"
    TRAINING = "training"
    TELECOM = "telecom"
    LEGAL = "legal"


class Urgency(StrEnum):
    """How long it can wait, in the household's own words."""

    NOW = "now"
    SOON = "soon"
    LATER = "later"


KIND_NAMES: dict[NeedKind, str] = {
    NeedKind.HEALTH: N_("Khám, chữa bệnh"),
    NeedKind.INSURANCE: N_("Thẻ bảo hiểm y tế"),
    NeedKind.SCHOOLING: N_("Học hành của con"),
    NeedKind.LOAN: N_("Vay vốn"),
    NeedKind.HOUSING: N_("Sửa nhà, làm nhà"),
    NeedKind.WATER: N_("Nước sạch"),
    NeedKind.TOILET: N_("Làm nhà vệ sinh"),
    NeedKind.TOOLS: N_("Cây, con giống, dụng cụ"),
    NeedKind.WORK: N_("Tìm việc làm"),
    NeedKind.TRAINING: N_("Học nghề"),
    NeedKind.TELECOM: N_("Điện thoại, mạng"),
    NeedKind.LEGAL: N_("Giấy tờ, hỏi về luật"),
}
KIND_ICONS: dict[NeedKind, str] = {
    NeedKind.HEALTH: "plus",
    NeedKind.INSURANCE: "shield",
    NeedKind.SCHOOLING: "edit",
    NeedKind.LOAN: "money",
    NeedKind.HOUSING: "house",
    NeedKind.WATER: "drop",
    NeedKind.TOILET: "home",
    NeedKind.TOOLS: "leaf",
    NeedKind.WORK: "user",
    NeedKind.TRAINING: "star",
    NeedKind.TELECOM: "phone",
    NeedKind.LEGAL: "list",
}
URGENCY_NAMES: dict[Urgency, str] = {
    Urgency.NOW: N_("Gấp, không chờ được"),
    Urgency.SOON: N_("Trong tháng này"),
    Urgency.LATER: N_("Chờ được"),
}
