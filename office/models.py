"""The tables of the office: recalls and their steps."""

from office.recalls.models import RecallCase, RecallStep

__all__ = ["RecallCase", "RecallStep"]
