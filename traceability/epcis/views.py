"""Pages and the REST interface of events, gathered from the subpackage."""

from traceability.epcis.exchange import keys
from traceability.epcis.exchange import views as exchange
from traceability.epcis.journal import views as journal

BLUEPRINTS = [*exchange.BLUEPRINTS, *keys.BLUEPRINTS, *journal.BLUEPRINTS]
CSRF_EXEMPT: list[object] = [*exchange.CSRF_EXEMPT]
LINKS = [*journal.LINKS, *keys.LINKS]
