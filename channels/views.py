"""Pages of the channels."""

from channels.chat import views as chat
from channels.feeds import views as feeds
from channels.live import views as live
from channels.saleor import views as saleor
from channels.sharing import views as sharing

BLUEPRINTS = [feeds.bp, sharing.bp, chat.bp, live.bp, saleor.bp]
LINKS = [*feeds.LINKS, *chat.LINKS, *live.LINKS, *saleor.LINKS]
CSRF_EXEMPT = saleor.CSRF_EXEMPT
