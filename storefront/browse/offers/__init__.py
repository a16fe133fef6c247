"""A product page: what it shows of goods, lots, money, people who bought, and the way to a province."""
