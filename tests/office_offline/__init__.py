"""Tests of work without a line: the kept pages, the worker, the door of the drafts."""
