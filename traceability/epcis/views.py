"""Pages and the REST interface of events, gathered from the subpackage."""

from traceability.epcis.exchange import keys
from traceability.epcis.exchange import views as exchange

BLUEPRINTS = [*exchange.BLUEPRINTS, *keys.BLUEPRINTS]
CSRF_EXEMPT: list[object] = [*exchange.CSRF_EXEMPT]
LINKS = [*keys.LINKS]
