"""The cost of goods bought outright, as they are sold. Pure."""


def part_of_cost(cost_vnd: int, sold: int, whole: int) -> int:
    """What the sold part of a lot had cost, rounded down; the rest follows when the lot closes.

    sold, whole: grams, or pieces where the packs have no mass.

    >>> part_of_cost(140_000, 500, 12_000)
    5833
    """
    return cost_vnd * min(sold, whole) // whole if whole > 0 else 0
