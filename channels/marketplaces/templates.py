"""A template from sending to filling: kept, understood with what was agreed before, looked at, written into."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from accounts.operations import audit
from accounts.rules import Actor
from channels.marketplaces import operations, queries
from channels.marketplaces.columns import CONSTANT, TEMPLATE, title
from channels.marketplaces.filling import Plan, plan
from channels.marketplaces.goods import goods_of
from channels.marketplaces.kinds import Verdict, judged, kinds_in
from channels.marketplaces.matching import Field, Layout, layout_of, read_layout
from channels.marketplaces.models import MarketFile
from channels.marketplaces.rules import FileState, Kind, Site, sku_key, sku_of
from channels.marketplaces.sites import facts
from channels.marketplaces.workbooks import Sheet, fill, open_template
from core import clock, files
from core.db import db, transaction
from core.errors import Invalid
from core.headings import heading_key
from core.i18n import N_
from core.once import one_at_a_time
from core.text import clean
from payments.tables.files import FILE_MAX_BYTES

CHOICES = tuple((column.key, *title(column)) for column in TEMPLATE)


def kept_template(who: Actor, own: int, site: Site, key: str, file_name: str, data: bytes) -> int:
    """Read a template, outside any transaction, and keep it; its id. The same key is the same template.

    Raises Invalid for what is no template of goods.
    """
    if len(data) > FILE_MAX_BYTES:
        raise Invalid(N_("Tệp lớn quá 5 MB."), remedy=N_("Tải mẫu trống của một ngành hàng."), field="sheet")
    codes = {sku_key(sku_of(good.pack_id)) for good in goods_of(own)}
    layout = read_layout(open_template(data), codes)
    mark = operations.fingerprint([layout.sheet.name, *(one.heading for one in layout.fields)])
    known = queries.layout_of(own, site, Kind.TEMPLATE, mark)
    if known is not None:
        first = known.first_no if known.fingerprint == mark else 0
        layout = layout_of(layout.sheet, codes, known.layout, first)
    stored = files.put(data, ".xlsx")
    with transaction():
        one_at_a_time("market-file", key)
        if (before := queries.by_key(key)) is not None:
            return queries.file_for(before.id, own, Kind.TEMPLATE).id
        made = MarketFile(
            key=key, cooperative_id=own, site=site, kind=Kind.TEMPLATE, state=FileState.OPEN, file=stored,
            file_name=clean(file_name)[:120], sheet=layout.sheet.name, fingerprint=mark,
            columns=[[one.heading, one.key, one.constant] for one in layout.fields], heading_no=layout.heading_no,
            first_no=layout.first_no, by_user_id=who.user_id, sent_at=clock.now(), work_state="done",
        )  # fmt: skip
        db.session.add(made)
        db.session.flush()
        audit(who, "send_market_template", f"market_file:{made.id}", ("file",))
        return made.id


def set_fields(who: Actor, found: MarketFile, typed: Mapping[str, str]) -> MarketFile:
    """What a person says of the columns (c-<n>, with the text of a constant in t-<n>) and of the first row.

    Raises Invalid for a meaning given twice, or a first row that lies among the headings.
    """
    known = {column.key for column in TEMPLATE} | {CONSTANT, ""}
    count = len(found.columns)
    keys = [key if (key := typed.get(f"c-{n}", "")) in known else "" for n in range(count)]
    constants = [typed.get(f"t-{n}", "") for n in range(count)]
    first = typed.get("first_no", "").strip()
    if not (first.isascii() and first.isdigit() and found.heading_no < int(first) < 20_000):
        raise Invalid(
            N_("Dòng bắt đầu ghi phải nằm dưới dòng tiêu đề %(heading)s."),
            remedy=N_("Mở mẫu xem dòng đầu tiên còn trống là dòng mấy."), heading=found.heading_no,
        )  # fmt: skip
    found.first_no = int(first)
    return operations.set_columns(who, found, keys, constants)


def use_sheet(who: Actor, found: MarketFile, name: str) -> MarketFile:
    """A person says which sheet is the one to fill: its columns are read anew, with what was agreed before.

    Raises Invalid for a sheet that the template has not, or that has no row of words.
    """
    data = files.read(found.file)
    sheet = next((one for one in open_template(data) if one.name == name), None)
    if sheet is None:
        raise Invalid(N_("Mẫu không có trang này."), remedy=N_("Chọn lại trong danh sách."), field="sheet")
    codes = {sku_key(sku_of(good.pack_id)) for good in goods_of(found.cooperative_id)}
    layout = read_layout([sheet], codes)
    mark = operations.fingerprint([name, *(one.heading for one in layout.fields)])
    known = queries.layout_of(found.cooperative_id, found.site, Kind.TEMPLATE, mark)
    if known is not None:
        layout = layout_of(sheet, codes, known.layout, known.first_no if known.fingerprint == mark else 0)
    found.sheet, found.fingerprint = name, mark
    found.columns = [[one.heading, one.key, one.constant] for one in layout.fields]
    found.heading_no, found.first_no = layout.heading_no, layout.first_no
    audit(who, "choose_market_sheet", f"market_file:{found.id}", ("sheet",))
    return found


@dataclass(frozen=True)
class Asked:
    """A kind of goods of ours and the site's code for it. verdict: what the template's own list says of the code;
    listed: that list's name of it.
    """

    category_id: int
    name: str
    code: str
    verdict: Verdict
    listed: str


@dataclass(frozen=True)
class Seen:
    """A template as its page shows it. categories: where it asks for the site's codes; kinds: the template's own list
    of them; sheets: names of all its visible sheets.
    """

    layout: Layout
    plan: Plan
    categories: tuple[Asked, ...]
    kinds: dict[str, str]
    sheets: tuple[str, ...]

    @property
    def fields(self) -> tuple[Field, ...]:
        """Its columns."""
        return self.layout.fields

    @property
    def known(self) -> int:
        """How many columns are filled."""
        return sum(bool(one.key) for one in self.layout.fields)

    @property
    def lacking(self) -> int:
        """How many packs lack something."""
        return sum(bool(one.notes) for one in self.plan.packs)


def looked_at(found: MarketFile) -> Seen:
    """What would be written into a template now. Raises Invalid where the file does not open any more."""
    goods = goods_of(found.cooperative_id)
    sheets = open_template(files.read(found.file))
    layout = _layout(found, sheets, {sku_key(sku_of(good.pack_id)) for good in goods})
    codes = queries.categories(found.cooperative_id, found.site)
    asked = {good.category_id: good.category for good in goods if good.category_id}
    wanted = layout.place("category") is not None and not layout.known
    kinds = kinds_in(sheets, layout.sheet) if wanted else {}
    named = tuple(
        Asked(one, name, codes.get(one, ""), *judged(codes.get(one, ""), kinds))
        for one, name in sorted(asked.items(), key=lambda pair: pair[1])
    )
    made = plan(goods, layout, facts(Site(found.site)), codes, kinds)
    return Seen(
        layout, made, named if wanted else (), kinds, tuple(one.name for one in sheets if one.visible)
    )


def _layout(found: MarketFile, sheets: Sequence[Sheet], codes: set[str]) -> Layout:
    sheet: Sheet | None = next((one for one in sheets if one.name == found.sheet), None)
    if sheet is None:
        raise Invalid(N_("Bảng Excel này hỏng, không mở được."), remedy=N_("Gửi lại tệp mẫu."), field="sheet")
    said = {heading_key(text): (key, constant) for text, key, constant in found.columns}
    return layout_of(sheet, codes, said, found.first_no)


def filled(found: MarketFile) -> tuple[bytes, dict[int, tuple[int, int]]]:
    """The same workbook with the goods in it, and what it tells the site: {pack id: (đồng, pieces)}.

    Raises Invalid while nobody has said what any column is.
    """
    seen = looked_at(found)
    if not seen.known:
        raise Invalid(N_("Chưa biết cột nào điền gì."), remedy=N_("Chọn ở phần Cột nào điền gì, rồi lưu."))
    return fill(files.read(found.file), seen.layout.sheet, seen.plan.cells), seen.plan.told
