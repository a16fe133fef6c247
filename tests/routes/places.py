"""Who may open the routes of places."""

from tests.routes.row import ANYBODY, Row

ROWS = [Row("places.communes", ANYBODY, page=False)]
