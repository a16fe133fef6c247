"""The manager's book of events: what was told, a correction beside what was wrong, a reading, a paper."""
