"""Pages of the channels."""

from channels.chat import views as chat
from channels.feeds import views as feeds
from channels.live import views as live
from channels.marketplaces import views as marketplaces
from channels.saleor import views as saleor
from channels.sharing import views as sharing
from channels.stall import views as stall

BLUEPRINTS = [feeds.bp, sharing.bp, chat.bp, live.bp, saleor.bp, stall.bp, marketplaces.bp]
LINKS = [*feeds.LINKS, *chat.LINKS, *live.LINKS, *saleor.LINKS, *stall.LINKS]
CSRF_EXEMPT = saleor.CSRF_EXEMPT
