"""What the worker does for the office."""

from office.connectors.tasks import TASKS as CONNECTORS

TASKS = [*CONNECTORS]
