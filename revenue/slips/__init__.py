"""The weighing wizard: who, crop, weight, grade and price, the paper slip."""
