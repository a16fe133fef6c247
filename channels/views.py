"""Pages of the channels."""

from channels.feeds import views as feeds

BLUEPRINTS = [feeds.bp]
LINKS = feeds.LINKS
