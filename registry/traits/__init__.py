"""Characteristics of a household as form C asks them: why it is poor, and whether somebody is disabled."""
