"""What a standard would say of the answers that are already stored, before it applies: counts, never names."""
