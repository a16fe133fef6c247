"""The search, judged and timed: `python -m benchmarks.search judge` and `python -m benchmarks.search speed`."""
