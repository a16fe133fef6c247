"""The kept graph: which batch went into which, and into which orders their lots went, in one file that is mapped.

For blends of everything, which recursive statements cannot answer in a second. The file only holds what can no longer
change; what came after it is read beside it, so an answer is never older than the question. Decision 57.
"""
