"""What the worker does for the channels."""

from channels.feeds.tasks import TASKS as FEEDS
from channels.live.tasks import TASKS as LIVE

TASKS = [*FEEDS, *LIVE]
