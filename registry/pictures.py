"""Drawings beside the answers of the declaration, for people who read slowly: symbols of `static/img/declare.svg`."""

from registry.questions import BY_ID, DUNNO

_MATERIAL = {"durable": "brick", "wood": "wood", "temporary": "bamboo"}
_OF: dict[str, dict[str, str]] = {
    "walls": _MATERIAL,
    "columns": _MATERIAL,
    "roof": {"durable": "tiles", "sheet": "sheet", "temporary": "thatch"},
    "electricity": {"none": "dark", "0-50": "lamp", "50-100": "lamp-tv", "100+": "lamp-fridge"},
    "water": {"piped": "tap", "drilled": "drill", "protected": "well", "stream": "stream"},
    "toilet": {"flush": "flush", "hygienic": "two-pits", "simple": "pit", "none": "none"},
    "waste": {"collected": "collect", "treated": "bury", "open": "fire"},
    "motorbike": {"no": "none", "one": "moto", "more": "motos", "car": "car"},
    "land": {"none": "none", "small": "field-s", "medium": "field-m", "large": "field-l"},
    "animals": {"none": "none", "few": "cow", "many": "cows"},
    "wage_job": {"none": "none", "seasonal": "season", "one": "one", "two": "two"},
    "education_top": {
        "none": "school-1",
        "lower": "school-2",
        "upper": "school-3",
        "vocational": "trade",
        "college": "cap",
    },
}
_COMMON = {"yes": "yes", "no": "no", "no_child": "none", "nobody": "none", DUNNO: "ask"}


def pictures_of(question_id: str) -> dict[str, str]:
    """Answer → symbol, for one question of the declaration; 'không biết' has one as well."""
    if BY_ID[question_id].kind == "number":
        return {}
    own = _OF.get(question_id, {})
    return {value: own.get(value) or _COMMON[value] for value, _label in BY_ID[question_id].options} | {
        DUNNO: _COMMON[DUNNO]
    }
