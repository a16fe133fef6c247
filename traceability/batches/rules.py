"""Mass that balances, a yield that is plausible, and whose harvest is in a lot."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from core.errors import Invalid
from core.i18n import N_
from core.money import largest_remainder

WEIGHT_MAX_G = 100_000_000  # a hundred tonnes


@dataclass(frozen=True)
class Input:
    """One thing that went into a batch: grams of a slip, or of a lot, or (neither) of other material."""

    weight_g: int
    slip_id: int | None = None
    lot_id: int | None = None


@dataclass(frozen=True)
class MadeOf:
    """How a lot came to be: its share of a batch's output, and what went into that batch."""

    output_g: int
    batch_output_g: int
    inputs: Sequence[Input]


def check_weight(weight_g: int, *, field: str = "weight_g") -> int:
    """Grams that can be put on a scale. Raises Invalid."""
    if not 0 < weight_g <= WEIGHT_MAX_G:
        raise Invalid(
            N_("Số cân phải lớn hơn 0 và không quá 100 tấn."), remedy=N_("Xem lại dấu phẩy."), field=field
        )
    return weight_g


def kilograms(grams: int) -> str:
    """Grams as a Vietnamese text in kilograms, for messages: 12,5."""
    return f"{grams // 1000}" if grams % 1000 == 0 else f"{grams / 1000:.3f}".rstrip("0").replace(".", ",")


def check_balance(input_g: int, output_g: int) -> None:
    """Nothing comes from nothing. Raises Invalid, saying both weights."""
    if input_g <= 0:
        raise Invalid(N_("Mẻ chưa có gì đưa vào."), remedy=N_("Chọn phiếu cân trước, rồi mới đóng mẻ."))
    if output_g <= 0:
        raise Invalid(N_("Mẻ chưa có gì ra."), remedy=N_("Cân thành phẩm rồi ghi số."), field="weight_g")
    if output_g > input_g:
        raise Invalid(
            N_("Đầu ra %(output)s kg nặng hơn đầu vào %(input)s kg."),
            remedy=N_("Cân lại, hoặc thêm nguyên liệu vào mẻ."), field="weight_g",
            output=kilograms(output_g), input=kilograms(input_g),
        )  # fmt: skip


def yield_bp(input_g: int, output_g: int) -> int:
    """Output over input in basis points, rounded down; 0 without input.

    >>> yield_bp(100_000, 22_500)
    2250
    """
    return output_g * 10_000 // input_g if input_g else 0


def in_band(input_g: int, output_g: int, min_bp: int, max_bp: int) -> bool:
    """Whether a yield lies in a recipe's band, exactly (no rounding at the edges)."""
    return min_bp * input_g <= output_g * 10_000 <= max_bp * input_g


def check_yield(input_g: int, output_g: int, min_bp: int, max_bp: int, reason: str) -> None:
    """The yield is plausible, or somebody says why not. Raises Invalid, saying the band in kilograms."""
    if in_band(input_g, output_g, min_bp, max_bp) or len(reason) >= 5:
        return
    raise Invalid(
        N_("Với %(input)s kg đầu vào thường ra từ %(least)s đến %(most)s kg, mẻ này ra %(output)s kg."),
        remedy=N_("Cân lại, hoặc viết vì sao khác thường."), field="reason",
        input=kilograms(input_g), output=kilograms(output_g),
        least=kilograms(-(-min_bp * input_g // 10_000)), most=kilograms(max_bp * input_g // 10_000),
    )  # fmt: skip


def check_band(min_bp: int, max_bp: int) -> None:
    """A recipe's band of yield. Raises Invalid."""
    if not 0 < min_bp <= max_bp <= 10_000:
        raise Invalid(
            N_("100 kg đầu vào ra từ trên 0 đến 100 kg, số ít trước số nhiều sau."),
            remedy=N_("Ví dụ: ít nhất 20 kg, nhiều nhất 28 kg."),
            field="yield_min",
        )  # fmt: skip


def check_density(density_g_per_l: int | None) -> None:
    """Grams a litre of something that pours, or not stated. Raises Invalid."""
    if density_g_per_l is not None and not 300 <= density_g_per_l <= 3000:
        raise Invalid(
            N_("Một lít nặng từ 300 đến 3.000 g."),
            remedy=N_("Dầu thường 860–950 g."),
            field="density_g_per_l",
        )


def shares_of(lot_id: int, graph: Mapping[int, MadeOf]) -> dict[int, Fraction]:
    """Exact grams of each slip in a lot: every output of a batch inherits the batch's proportions, lot after lot.

    Other material has mass and no slip, so it takes no share. `graph` holds the lot and all lots behind it.
    """
    known: dict[int, dict[int, Fraction]] = {}
    waiting = [lot_id]
    while waiting:  # a stack, not recursion: chains of lots may be long
        current = waiting[-1]
        made = graph.get(current)
        missing = (
            []
            if made is None
            else [i.lot_id for i in made.inputs if i.lot_id is not None and i.lot_id not in known]
        )
        if missing:
            waiting += missing
            continue
        known[current] = {} if made is None else _mixed(made, graph, known)
        waiting.pop()
    return known[lot_id]


def _mixed(
    made: MadeOf, graph: Mapping[int, MadeOf], known: Mapping[int, dict[int, Fraction]]
) -> dict[int, Fraction]:
    part = Fraction(made.output_g, made.batch_output_g) if made.batch_output_g else Fraction(0)
    grams: dict[int, Fraction] = {}
    for one in made.inputs:
        if one.slip_id is not None:
            grams[one.slip_id] = grams.get(one.slip_id, Fraction(0)) + part * one.weight_g
        elif one.lot_id is not None and (source := graph.get(one.lot_id)) is not None and source.output_g:
            taken = part * Fraction(one.weight_g, source.output_g)
            for slip_id, weight in known[one.lot_id].items():
                grams[slip_id] = grams.get(slip_id, Fraction(0)) + taken * weight
    return grams


def whole_grams(shares: Mapping[int, Fraction]) -> dict[int, int]:
    """Exact shares as whole grams that add up to their rounded sum; slips below a gram may fall away."""
    total = round(sum(shares.values(), Fraction(0)))
    if total <= 0:
        return {}
    parts = largest_remainder(total, dict(shares))
    return {slip_id: grams for slip_id, grams in parts.items() if grams}


def batch_code(year: int, month: int, count: int) -> str:
    """A batch's code within its cooperative: ME-2611-04."""
    return f"ME-{year % 100:02}{month:02}-{count:02}"
