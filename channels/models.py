"""Tables of the channels."""

from channels.feeds.models import FeedFetch

__all__ = ["FeedFetch"]
