"""Machines that people are signed in on: one row each, ended one by one, or by time."""
