"""The share kit: the maker's words with today's price, pictures that are read back, a poster whose code leads home."""

import io

import pytest
import zxingcpp
from PIL import Image

from accounts.rules import SYSTEM, Role
from catalog.cards.faces import Face
from catalog.operations import set_price
from channels.sharing import drawing, queries
from channels.sharing.drawing import BYTES_MAX, draw
from channels.sharing.operations import make_links, write_caption
from channels.sharing.rules import DRAFT_CHARS, SIZE_PX, Size, Told, caption, draft
from core import clock
from core.db import transaction
from core.errors import Invalid, NotFound
from tests.factories import accounts, catalog, cooperatives

LINK = "http://localhost/s/abc234"
FACE = Face("Miến dong Côn Minh, gói 500 g", "65.000 đ", "130.000 đ / kg", "HTX Tài Hoan", "xã Côn Minh, Thái Nguyên",
            LINK, "", False)  # fmt: skip


@pytest.fixture
def product(ctx):
    """A product on sale."""
    return catalog.create_product(cooperatives.create_cooperative("HTX Ta"), "Miến dong", available=5)


def test_the_words_are_the_makers_own_cut_at_a_sentence():
    long = "Câu đầu của bà con ngắn gọn. " * 30
    assert draft(long).endswith(".") and len(draft(long)) <= DRAFT_CHARS
    assert draft("chữ " * 200).endswith("…") and len(draft("chữ " * 200)) <= DRAFT_CHARS


def test_price_and_link_are_added_when_it_is_read():
    told = Told("Miến", "65.000 đ", "130.000 đ / kg", "", "HTX Ta", "")
    assert (
        caption(told, " Dai lắm. ", LINK) == f"Miến\n65.000 đ (130.000 đ / kg)\n\nDai lắm.\n\nHTX Ta\n{LINK}"
    )
    assert "\n\n\n" not in caption(told, "", LINK)


def test_a_kept_caption_never_says_an_old_price(product):
    with transaction():
        make_links(SYSTEM, product.id)
        make_links(SYSTEM, product.id)
        write_caption(SYSTEM, product.id, "Nhà mình làm, ai ăn cũng khen.")
    with transaction():
        set_price(SYSTEM, product.packs[0].id, 71_000)
    kit = queries.kit_of(product)
    texts = {one.channel: one.text for one in kit.ways}
    assert kit.ready and len({one.address for one in kit.ways}) == 4
    assert all("71.000" in text and "ai ăn cũng khen" in text for text in texts.values())
    assert kit.ways[1].address in texts["zalo"]
    with transaction():
        write_caption(SYSTEM, product.id, "")
    assert queries.kit_of(product).body == draft(product.story)


def test_nobody_promises_a_cure_or_writes_for_others(product):
    other = cooperatives.create_cooperative("HTX Bạn")
    stranger = accounts.actor_for(Role.MANAGER, organisation_id=other.organisation_id)
    with pytest.raises(Invalid), transaction():
        write_caption(SYSTEM, product.id, "Thần dược của núi rừng")
    for verb in (
        lambda: write_caption(stranger, product.id, "Ngon"),
        lambda: make_links(stranger, product.id),
    ):
        with pytest.raises(NotFound), transaction():
            verb()


@pytest.mark.parametrize("size", list(Size))
@pytest.mark.parametrize("name", [FACE.name, "Tinh dầu quế " * 12])
def test_a_picture_has_the_channels_size_and_its_code_leads_to_the_link(size, name):
    face = Face(name, FACE.price, FACE.unit, FACE.seller, FACE.place, LINK, "Dữ liệu minh hoạ", True)
    data = draw(face, None, size)
    with Image.open(io.BytesIO(data)) as found:
        assert found.format == "JPEG" and found.size == SIZE_PX[size] and not found.getexif()
        codes = zxingcpp.read_barcodes(found)
    assert [one.text for one in codes] == [LINK]
    assert len(data) <= BYTES_MAX and draw(face, None, size) == data


@pytest.mark.parametrize("size", list(drawing.PHOTO_PX))
def test_the_longest_name_ends_above_the_code(size):
    above = drawing.PHOTO_PX[size] + drawing.HEM_PX + drawing.GAP_PX
    assert (
        above + drawing.LINES * int(drawing.NAME_SIZES[0] * 1.25)
        <= drawing.FOOT_PX[size] - drawing.QR_PX[size]
    )


def test_a_poster_is_one_page_whose_code_is_read_back():
    import pypdfium2

    from channels.sharing.posters import poster

    data = poster(FACE, "Quét mã để xem ai làm ra và đặt mua", clock.now())
    assert poster(FACE, "Quét mã để xem ai làm ra và đặt mua", clock.now()) == data
    paper = pypdfium2.PdfDocument(data)
    try:
        assert len(paper) == 1
        shown = paper[0].render(scale=2).to_pil()
    finally:
        paper.close()
    assert [one.text for one in zxingcpp.read_barcodes(shown)] == [LINK]


def test_goods_that_are_not_on_sale_have_no_pictures(ctx):
    made = catalog.create_product(cooperatives.create_cooperative("HTX Ta"), published=False)
    assert queries.kit_of(made).on_sale is False
    with pytest.raises(NotFound):
        queries.face_for(made.id, queries.Channel.ZALO)
