"""One address for machines: communes for a suggestion list."""

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue

from core.guard import public
from places import queries

bp = Blueprint("places", __name__)
BLUEPRINTS = [bp]
SUGGESTIONS_MAX = 8


@bp.get("/places/communes")
@public
def communes() -> ResponseReturnValue:
    """Communes that fit what was typed: `?q=con minh` → `{"results": [{"id", "code", "name", "province", "full"}]}`."""
    found = queries.find_communes(request.args.get("q", "")[:100], SUGGESTIONS_MAX)
    names = queries.place_names({one.id for one in found})
    rows = []
    for one in found:
        name = names[one.id]
        rows.append(
            {
                "id": one.id,
                "code": one.code,
                "name": name.commune,
                "province": name.province,
                "full": name.full,
            }
        )
    answer = jsonify(results=rows)
    answer.headers["Cache-Control"] = "public, max-age=3600"
    return answer
