"""Pages of the channels."""

from channels.feeds import views as feeds
from channels.sharing import views as sharing

BLUEPRINTS = [feeds.bp, sharing.bp]
LINKS = feeds.LINKS
