"""What the worker does for the channels."""

from channels.feeds.tasks import TASKS as FEEDS
from channels.live.tasks import TASKS as LIVE
from channels.marketplaces.tasks import TASKS as MARKETPLACES
from channels.stall.tasks import TASKS as STALL

TASKS = [*FEEDS, *LIVE, *STALL, *MARKETPLACES]
