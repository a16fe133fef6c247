"""What the worker does for the channels."""

from channels.feeds.tasks import TASKS

__all__ = ["TASKS"]
