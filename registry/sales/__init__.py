"""Sales as evidence, with the family's consent: a band a head for each closed year, and a question."""
