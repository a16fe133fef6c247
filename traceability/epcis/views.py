"""Pages and the REST interface of events, gathered from the subpackage."""

from traceability.epcis.exchange import views as exchange

BLUEPRINTS = [*exchange.BLUEPRINTS]
CSRF_EXEMPT: list[object] = [*exchange.CSRF_EXEMPT]
LINKS: list[object] = []
