"""Tests of the walks over the trace graph, of recalls, and of mass balance."""
