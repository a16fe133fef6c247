"""What the worker does for the office."""

from office.connectors.tasks import TASKS as CONNECTORS
from office.tracing.closures.tasks import TASKS as CLOSURES

TASKS = [*CONNECTORS, *CLOSURES]
