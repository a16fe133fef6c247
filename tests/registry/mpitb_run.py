"""Run by a Python of its own that has PyPI `mpitb` (GPL): rows from a CSV file in, JSON out, [measure, indicator,
number] each.

Never imported by the product or by a test. argv: file, indicators of the three dimensions ('ab/cd/efghij'), cut-off in
per cent.
"""

import contextlib
import io
import json
import sys

import pandas
from mpitb.core import MPIToolbox

file, split, cutoff = sys.argv[1:]
rows = pandas.read_csv(file)
tool = MPIToolbox()
with contextlib.redirect_stdout(io.StringIO()):
    tool.svyset(weight="size")
    tool.set(
        name="m",
        description="m",
        dimensions=[(list(part), f"d{at}") for at, part in enumerate(split.split("/"))],
    )
    found = tool.est(rows, name="m", klist=[int(cutoff)], weights="equal", svy=True)
print(
    json.dumps([[one["measure"], one.get("indicator", ""), float(one["b"])] for one in found or tool.results])
)
