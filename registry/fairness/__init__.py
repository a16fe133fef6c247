"""Against favouritism: kin, re-checks by another commune that nobody chooses, and questions to officers. ADR 51."""
