"""Tax kept back from households' shares by dated rule: rates and thresholds are data, with their source and state."""
