"""Tests of what project staff see."""
