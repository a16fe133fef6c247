"""Whether a figure holds on a machine that other programs use as well."""

import os


def verdict(took: float, cpu: float, target: float) -> tuple[bool, str]:
    """By the clock; where more wants to run than there are processors, by the CPU that was used, and said so.

    All three in one unit.
    """
    load, processors = os.getloadavg()[0], os.cpu_count() or 1
    if took <= target:
        return True, "held"
    if cpu <= target and load > processors:
        return True, f"held by CPU (load {load:.0f} on {processors} processors)"
    return False, "MISSED"
