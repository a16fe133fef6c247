"""Clips: which links are taken, what an uploaded film loses, and what may never get in."""

import random
import re

import pytest

from catalog import queries as catalog
from catalog.clips import boxes, ebml, operations, queries
from catalog.clips.rules import ClipKind, Film, address, check_length, frame_address, parse_link
from core import files
from core.db import transaction
from core.errors import Invalid, NotFound
from tests.catalog import films
from tests.factories.catalog import create_product
from tests.factories.cooperatives import create_cooperative, manager_of

NUMBER = "dQw4w9WgXcQ"
PRIVATE = (
    films.PLACE,
    films.OWNER,
    films.POSITIONS,
    films.TAIL,
    b"xyz",
    b"ISO6709",
    b"xmpmeta",
    b"\xde\xad\xbe\xef",
)


@pytest.mark.parametrize(
    "typed",
    [
        f"https://www.youtube.com/watch?v={NUMBER}",
        f"http://youtube.com/watch?v={NUMBER}&t=30s",
        f"m.youtube.com/watch?app=desktop&v={NUMBER}",
        f"  https://youtu.be/{NUMBER}?si=Abc_1 ",
        f"https://www.youtube.com/shorts/{NUMBER}?feature=share",
        f"https://www.youtube.com/embed/{NUMBER}",
        f"HTTPS://YouTu.be/{NUMBER}",
    ],
)
def test_every_way_of_sharing_a_youtube_film_gives_its_number(typed):
    film = parse_link(typed)
    assert film == Film(ClipKind.YOUTUBE, NUMBER)
    assert address(film) == f"https://www.youtube.com/watch?v={NUMBER}"
    assert frame_address(film).startswith(f"https://www.youtube-nocookie.com/embed/{NUMBER}?")


def test_a_tiktok_film_is_taken_by_its_long_address_only():
    film = parse_link("https://www.tiktok.com/@htx.conminh/video/7301234567890123456?is_from_webapp=1")
    assert address(film) == "https://www.tiktok.com/@htx.conminh/video/7301234567890123456"
    assert frame_address(film).startswith("https://www.tiktok.com/player/v1/7301234567890123456?")
    with pytest.raises(Invalid, match="rút gọn"):
        parse_link("https://vm.tiktok.com/ZMabc123/")


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "phim của tôi",
        f"javascript:alert(1)//youtu.be/{NUMBER}",
        f"https://youtube.com.evil.example/watch?v={NUMBER}",
        f"https://evil.example/youtu.be/{NUMBER}",
        f"https://www.youtube.com@evil.example/watch?v={NUMBER}",
        f"https://me:pass@www.youtube.com/watch?v={NUMBER}",
        f"https://www.youtube.com:8443/watch?v={NUMBER}",
        f"https://www.youtube.com/watch?v={NUMBER}x",
        'https://www.youtube.com/watch?v="><script>',
        "https://www.youtube.com/watch",
        "https://www.youtube.com/redirect?q=https://evil.example",
        "https://www.youtube.com/@htx/videos",
        f"https://youtu.be/{NUMBER}/../../evil",
        "https://www.tiktok.com/@a/video/7301234567890123456",
        "https://www.tiktok.com/@htx/video/12",
        f"ftp://youtu.be/{NUMBER}",
        f"https://youtu.be\\@evil.example/{NUMBER}",
        f"https://youtu.be/{NUMBER}\n.evil.example",
        "https://[::1",
        "https://youtu.be/" + "a" * 600,
    ],
)
def test_any_other_address_is_refused_with_what_to_do(typed):
    with pytest.raises(Invalid) as refused:
        parse_link(typed)
    assert refused.value.field == "link" and refused.value.remedy


# ---- films ----


@pytest.mark.parametrize(("made", "bare"), [(films.mp4, boxes.bare), (films.webm, ebml.bare)])
def test_a_film_keeps_its_pictures_and_sound_and_loses_everything_else(made, bare):
    sent = made()
    assert all(mark in sent for mark in (films.PLACE, films.OWNER, films.TAIL))
    kept, length_ms = bare(sent)
    assert len(kept) == len(sent)  # in place: no offset moves
    assert films.PICTURES in kept and films.SOUNDS in kept
    assert [mark for mark in PRIVATE if mark in kept] == []
    assert abs(length_ms - 10_000) <= 100
    assert bare(kept) == (kept, length_ms)  # it is still a film, with nothing more to take away


def test_the_length_is_counted_from_the_samples_not_believed_from_the_head():
    for sent, bare in ((films.mp4(40), boxes.bare), (films.webm(40), ebml.bare)):
        with pytest.raises(Invalid, match="dài 40 giây"):
            check_length(bare(sent)[1])
    assert check_length(boxes.bare(films.mp4(30))[1]) == 30_000


@pytest.mark.parametrize(
    "sent",
    [
        films.mp4(brand=b"qt  "),
        films.mp4(codec=b"xxxx"),
        films.mp4(handler=b"text"),
        films.mp4()[:400],
        films.mp4()[:-9],
        films.mp4(more=b"PK\x03\x04"),
        b"\0\0\0\x18ftypisom" + bytes(300),
        b"\0\0\0\x08ftyp",
    ],
)
def test_an_mp4_that_is_none_is_refused(sent):
    with pytest.raises(Invalid, match="hỏng"):
        boxes.bare(sent)


@pytest.mark.parametrize(
    "sent",
    [
        films.webm(doctype=b"matroska"),
        films.webm(codec=b"V_MPEG4"),
        films.webm(kind=17),
        films.webm(0),
        films.webm()[:-5],
        films.webm() + films.TAIL,
        b"\x1a\x45\xdf\xa3" + bytes(40),
    ],
)
def test_a_webm_that_is_none_is_refused(sent):
    with pytest.raises(Invalid, match="hỏng"):
        ebml.bare(sent)


def test_hundreds_of_broken_films_are_refused_or_lose_their_position():
    chance = random.Random(11)
    outcomes = set()
    for turn in range(600):
        sent = bytearray(films.mp4() if turn % 2 else films.webm())
        for _ in range(chance.randint(1, 12)):
            sent[chance.randrange(len(sent))] = chance.randrange(256)
        cut = (
            bytes(sent[: chance.randint(len(sent) // 2, len(sent))]) if chance.random() < 0.3 else bytes(sent)
        )
        try:
            kept, _length = (boxes.bare if turn % 2 else ebml.bare)(cut)
        except Invalid:
            outcomes.add("refused")
        else:
            outcomes.add("kept")
            assert turn % 2 == 0 or films.TAIL not in kept
    assert outcomes == {"refused", "kept"}


@pytest.mark.parametrize(("data", "words"), [(b"<svg onload=alert(1)>", "không phải phim"), (b"", "không phải phim"),
                                             (bytes(20 * 1024 * 1024 + 1), "20 MB")])  # fmt: skip
def test_what_is_no_film_is_refused(ctx, data, words):
    with pytest.raises(Invalid, match=re.escape(words)) as refused:
        operations.keep_file(data)
    assert refused.value.field == "file"


# ---- with a database ----


@pytest.fixture
def product(ctx):
    return create_product(create_cooperative())


@pytest.fixture
def manager(product):
    from cooperatives.queries import cooperative

    return manager_of(cooperative(product.cooperative_id))


def test_a_link_takes_the_place_of_a_film_and_the_other_way_round(manager, product):
    assert queries.of_product(product.id) is None
    with transaction():
        operations.set_link(manager, product.id, f"https://youtu.be/{NUMBER}")
    shown = queries.of_product(product.id)
    assert (shown.provider, shown.frame_host) == ("YouTube", "https://www.youtube-nocookie.com")
    file, length_ms = operations.keep_file(films.mp4())
    with transaction():
        operations.set_file(manager, product.id, file, length_ms)
    shown = queries.of_product(product.id)
    assert (shown.kind, shown.media_type, shown.seconds, shown.frame) == ("file", "video/mp4", 10, "")
    assert films.PLACE not in files.read(file)
    for _twice in range(2):
        with transaction():
            operations.remove(manager, product.id)
    assert queries.of_product(product.id) is None


def test_the_still_picture_of_a_clip_is_the_photo_of_the_field(manager, product):
    from catalog.photos.operations import add_illustration, describe
    from catalog.photos.rules import Shot

    with transaction():
        operations.set_link(manager, product.id, f"https://youtu.be/{NUMBER}")
        drawn = add_illustration(manager, product.id, "phoi-mien", "Sân phơi")
    assert queries.of_product(product.id).still is None
    with transaction():
        describe(manager, drawn.id, "Sân phơi", Shot.FIELD)
    assert queries.of_product(product.id).still.alt == "Sân phơi"


def test_somebody_elses_product_takes_no_clip(product):
    stranger = manager_of(create_cooperative("HTX Khác"))
    with pytest.raises(NotFound), transaction():
        operations.set_link(stranger, product.id, f"https://youtu.be/{NUMBER}")
    with pytest.raises(NotFound), transaction():
        operations.remove(stranger, product.id)
    assert catalog.product(product.id).state == "published"
