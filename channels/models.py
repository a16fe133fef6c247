"""Tables of the channels."""

from channels.feeds.models import FeedFetch
from channels.sharing.models import ShareCaption

__all__ = ["FeedFetch", "ShareCaption"]
