"""GS1's statements of a conformant resolver (1.2), each tried on the running application, in its own words' order."""

import json
import re

import pytest

from tests.conftest import SHARED
from tests.queries import count_queries
from tests.routes.storefront_scan import packed_gtin
from tests.storefront_scan.test_pages import Shop
from traceability.gs1.compressed import ALPHABET

BASE = "http://localhost"
VOC = "https://ref.gs1.org/voc/"
LINKSET = "application/linkset+json"
SUITE = SHARED / "resolver" / "testsuite"
# Each statement of the suite by how it begins, and the tests that try it. A statement added later has none: it fails.
TRIED = {
    "SHALL support HTTP 1.1": ("test_get_head_and_options_are_answered",),
    "SHALL support HTTP Over TLS": ("test_over_tls_browsers_are_told_to_stay_there",),
    "SHALL support CORS": ("test_any_sites_script_may_read",),
    "SHALL extract and syntactically validate": ("test_a_bad_address_is_400_and_names_its_fault",),
    "SHALL NOT use a 200 OK": ("test_no_error_is_a_200",),
    "Compression:": (), "- A resolver SHALL be able to decompress": ("test_a_compressed_address_is_read",),
    "- A resolver SHOULD NOT redirect to the equivalent": ("test_a_compressed_address_is_read",),
    "- It SHALL expose the uncompressed URI": ("test_a_compressed_address_is_read",),
    "- If redirecting to an alternative resolver": (),  # we redirect to none
    "Linksets:": (), "- SHALL respond to a query parameter of linkType": ("test_a_linkset_is_answered_however_asked",),
    "- If the request GS1 Digital Link URI includes": ("test_every_level_up_to_the_key_is_in_the_linkset",),
    "- The URI used as the subject": ("test_a_compressed_address_is_read",),
    "- All links in the linkset SHALL include": ("test_every_link_says_where_what_and_in_which_language",),
    "- If a media type is defined": ("test_every_link_says_where_what_and_in_which_language",),
    "- Links that are typed gs1:defaultLink": ("test_there_is_one_default_link_and_it_is_described_too",),
    "- the resolver SHOULD include an HTTP Link header": ("test_the_context_is_pointed_to_and_served",),
    "- The resolver SHALL recognise one available": ("test_there_is_one_default_link_and_it_is_described_too",),
    "The resolver SHALL redirect to the default link": ("test_without_a_wish_the_default_is_answered",),
    "For any request URI, no matter": ("test_a_default_is_found_up_the_tree",),
    "SHALL redirect to the requested type": ("test_a_type_that_is_there_is_redirected_to",),
    "SHALL return a 404 Not Found message": ("test_a_type_that_is_not_there_is_404",),
    "By default, SHALL pass on all key=value": ("test_the_query_is_passed_on",),
    "SHOULD support use of the Accept-Language": ("test_the_language_liked_best_decides_between_links_of_a_type",),
    "Resolver Description File:": (), "- The resolver SHALL provide a resolver description": ("test_the_description",),
    "- The list of supported primary identifiers": ("test_the_description",),
    "- A context file that can be used": ("test_the_description",),
    "If supporting redirection based on": (),  # we redirect by no prefix
    "Summarising the preceding": (), "SHALL be able to decompress": ("test_a_compressed_address_is_read",),
    "If handling a compressed request": ("test_a_compressed_address_is_read",),
    "MAY support additional decompression": (),  # none is
    "SHOULD ignore trailing slashes": ("test_a_slash_at_the_end_is_tolerated",),
    "A GS1 conformant resolver SHALL NOT use a 200": ("test_no_error_is_a_200",),
    "MAY support additional key-value": ("test_the_query_is_passed_on",),
    "SHALL respond to a query parameter of linkType": ("test_a_linkset_is_answered_however_asked",),
    "SHALL expose the full list of links": ("test_a_type_that_is_there_is_redirected_to",),  # 1.2: a link to the list
    "SHOULD expose link to the linkset": ("test_a_type_that_is_there_is_redirected_to",),
    "SHALL recognise one available link": ("test_there_is_one_default_link_and_it_is_described_too",),
    "All links exposed SHALL include": ("test_every_link_says_where_what_and_in_which_language",),
    "SHALL redirect to the requested linkType": ("test_a_type_that_is_there_is_redirected_to",),
    "MAY support use of the Accept-Language": ("test_the_language_liked_best_decides_between_links_of_a_type",),
    "SHALL provide a resolver description": ("test_the_description",),
    "If supporting multiple links per": ("test_every_link_says_where_what_and_in_which_language",),
    "MAY provide content directly": ("test_without_a_wish_the_default_is_answered",),
    "SHALL redirect to the default link": ("test_without_a_wish_the_default_is_answered",),
    "For primary keys that have key qualifiers": ("test_a_default_is_found_up_the_tree",),
    "SHOULD tolerate trailing slashes": ("test_a_slash_at_the_end_is_tolerated",),
}  # fmt: skip


@pytest.fixture
def shop(app):
    return Shop(app)


@pytest.fixture
def path(shop):
    """A lot's address."""
    return shop.path(shop.lot(2))


def test_every_statement_of_the_suite_is_tried_here():
    """Three wordings of the same standard; a mark of progress and a number may stand before a statement."""
    texts = [one.read_text(encoding="utf-8") for one in sorted(SUITE.glob("Conform*.txt"))]
    lines = [
        re.sub(r"^(\[[^]]*\])?\s*(\d+\.)?\s*", "", line.strip())
        for text in texts
        for line in text.splitlines()
    ]
    found = [line for line in lines if line]
    assert [line for line in found if not any(line.startswith(begin) for begin in TRIED)] == []
    assert len(texts) == 3 and len(found) >= 60
    assert [name for names in TRIED.values() for name in names if not callable(globals().get(name))] == []


def test_get_head_and_options_are_answered(client, path):
    got, head, options = client.get(path), client.head(path), client.options(path)
    assert (got.status_code, head.status_code, options.status_code) == (200, 200, 200)
    assert head.data == b"" and head.headers["Link"] == got.headers["Link"]
    assert {"GET", "HEAD", "OPTIONS"} <= set(options.headers["Allow"].replace(" ", "").split(","))
    assert client.post(path).status_code == 405


def test_over_tls_browsers_are_told_to_stay_there(app, client, path):
    app.config["SESSION_COOKIE_SECURE"] = True
    try:
        assert "max-age" in client.get(path).headers["Strict-Transport-Security"]
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False


@pytest.mark.parametrize(
    "tail", ["", "?linkType=linkset", "?linkType=gs1:pip", "?17=999999", "?linkType=gs1:none"]
)
def test_any_sites_script_may_read(client, path, tail):
    answer = client.get(path + tail, headers={"Origin": "https://elsewhere.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*" and "Set-Cookie" not in answer.headers
    assert "Link" in answer.headers["Access-Control-Expose-Headers"]
    before = client.options(path, headers={"Origin": "https://elsewhere.example"})
    assert "HEAD" in before.headers["Access-Control-Allow-Methods"]


@pytest.mark.parametrize(
    ("path", "ai"),
    [("/01/02000000000016", "01"), ("/01/123", "01"), ("/00/106141412345678900", "00"), ("/414/9506000134353", "414"),
     ("/01/02000000000015?17=261331", "17"), ("/01/02000000000015/21/1/10/A", "01"), ("/01/02000000000015?10=A", "10"),
     ("/8003/1234", "8003"), ("/01/02000000000015?8008=x", "8008"), ("/01/02000000000015/10/A%20B", "10"),
     ("/01/02000000000015/99999/1", None), ("/01/02000000000015?3103=500&3103=500", "3103")],
)  # fmt: skip
def test_a_bad_address_is_400_and_names_its_fault(client, path, ai):
    answer = client.get(path)
    assert answer.status_code == 400 and "<h1" in answer.text and "Set-Cookie" not in answer.headers
    assert ai is None or f"Mục ({ai})" in answer.text
    said = client.get(path, headers={"Accept": "application/json"})
    assert (
        said.status_code == 400 and said.json["faults"] and (ai is None or said.json["faults"][0]["ai"] == ai)
    )
    english = client.get(path, query_string=None if "?" in path else {"hl": "en"})
    assert "?" in path or "Mục" not in english.text


@pytest.mark.parametrize(
    "path",
    ["/01/08935001234562", "/00/106141412345678908", "/414/9506000134352", "/8004/0950600013430000001",
     "/01/02000000000015/10/KHONG-CO", "/01/02000000000015/10/KHONG-CO?linkType=linkset"],
)  # fmt: skip
@pytest.mark.parametrize("accept", ["text/html", LINKSET, "application/json"])
def test_no_error_is_a_200(client, shop, path, accept):
    shop.lot(2)
    answer = client.get(path, headers={"Accept": accept})
    assert answer.status_code == 404
    assert (
        answer.content_type.startswith("text/html" if accept == "text/html" else "application/json")
        or "?" in path
    )


def test_a_compressed_address_is_read(client, shop):
    shop.lot(2)
    packed = f"/{packed_gtin(shop.gtin)}"
    answer = client.get(packed)
    assert (
        answer.status_code == 200
        and f'<{BASE}/01/{shop.gtin}>; rel="owl:sameAs"' in answer.headers.getlist("Link")
    )
    found = client.get(packed + "?linkType=linkset").json["linkset"]
    assert [one["anchor"] for one in found] == [f"{BASE}/01/{shop.gtin}"]


def test_a_compressed_qualifier_is_read(client, shop):
    """Key plain, lot compressed: AI 10 in eight bits, encoding 4 in three, length in five, seven bits a character."""
    code = shop.lot(2)
    bits = f"{0x10:08b}{4:03b}{len(code):05b}" + "".join(f"{ord(one):07b}" for one in code)
    bits += "0" * (-len(bits) % 6)
    packed = "".join(ALPHABET[int(bits[at : at + 6], 2)] for at in range(0, len(bits), 6))
    answer = client.get(f"/01/{shop.gtin}/{packed}")
    assert answer.status_code == 200 and code in answer.text
    assert f'<{BASE}{shop.path(code)}>; rel="owl:sameAs"' in answer.headers.getlist("Link")


@pytest.mark.parametrize(
    "word", ["abcdefghijkl", "AQOjUpRAHgAAAAAAAAAAAA", "wp-login-php", "_______________"]
)
def test_a_word_that_is_not_compressed_is_no_page(client, word):
    assert client.get(f"/{word}").status_code in (400, 404)


@pytest.mark.parametrize(
    ("tail", "accept", "form"),
    [("?linkType=linkset", None, LINKSET), ("?linkType=all", None, LINKSET),
     ("?linkType=linkset", "text/html", LINKSET),
     ("", LINKSET, LINKSET), ("", "application/json", "application/json"), ("?linktype=all", "*/*", LINKSET),
     ("", "application/ld+json", "application/ld+json"), ("?linkType=gs1:pip", LINKSET, LINKSET)],
)  # fmt: skip
def test_a_linkset_is_answered_however_asked(client, path, tail, accept, form):
    answer = client.get(path + tail, headers={"Accept": accept} if accept else {})
    assert answer.status_code == 200 and answer.content_type == form
    said = json.loads(answer.data)
    assert set(said) - {"@context"} == {"linkset"} and ("@context" in said) == (form == "application/ld+json")
    assert "Accept" in answer.headers["Vary"]


def _linkset(client, path):
    return json.loads(client.get(path + "?linkType=linkset").data)["linkset"]


def _links(found):
    return [
        (name, one)
        for level in found
        for name, links in level.items()
        if isinstance(links, list)
        for one in links
    ]


@pytest.mark.parametrize("more", ["", "/21/A1"])
def test_every_level_up_to_the_key_is_in_the_linkset(client, shop, path, more):
    found = _linkset(client, path + more)
    assert [one["anchor"] for one in found] == [f"{BASE}{path}", f"{BASE}/01/{shop.gtin}"]


def test_every_link_says_where_what_and_in_which_language(client, path):
    links = _links(_linkset(client, path))
    assert {name.removeprefix(VOC) for name, _one in links} >= {
        "pip",
        "traceability",
        "recallStatus",
        "hasRetailers",
    }
    for name, one in links:
        assert name.startswith(VOC) and one["href"].startswith(f"{BASE}/") and one["title"]
        if name != f"{VOC}defaultLink":
            assert one["type"] == "text/html" and one["hreflang"] in (["vi"], ["en"])
        where = one["href"].removeprefix(BASE).partition("#")[0]
        assert client.get(where).status_code == 200, where


def test_there_is_one_default_link_and_it_is_described_too(client, shop, path):
    for address in (path, f"/01/{shop.gtin}", path + "/21/7"):
        links = _links(_linkset(client, address))
        [default] = [one for name, one in links if name == f"{VOC}defaultLink"]
        assert set(default) == {"href", "title"}
        assert any(one["href"] == default["href"] for name, one in links if name != f"{VOC}defaultLink")


def test_the_context_is_pointed_to_and_served(client, path):
    answer = client.get(path, headers={"Accept": LINKSET})
    where = f"{BASE}/.well-known/gs1resolver-context.jsonld"
    assert any(where in one and "json-ld#context" in one for one in answer.headers.getlist("Link"))
    context = client.get(where.removeprefix(BASE))
    assert context.content_type == "application/ld+json"
    assert json.loads(context.data)["@context"]["linkset"] == "@graph"


@pytest.mark.parametrize("tail", ["", "?linkType=gs1:defaultLink", "?17=271108&utm_source=x"])
def test_without_a_wish_the_default_is_answered(client, path, tail):
    """Content may come directly, without a redirection (resolver standard 1.2)."""
    answer = client.get(path + tail, headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert answer.status_code == 200 and answer.content_type.startswith("text/html")
    assert f'<{BASE}{path}?linkType=linkset>; rel="linkset"; type="{LINKSET}"' in answer.headers.getlist(
        "Link"
    )


@pytest.mark.parametrize("more", ["/21/A1", "/22/V", "/235/X", "/22/V/21/A1"])
def test_a_default_is_found_up_the_tree(client, shop, more):
    shop.lot(2)
    assert client.get(f"/01/{shop.gtin}{more}").status_code == 200


def test_a_lot_under_a_variant_is_the_lot(client, shop):
    code = shop.lot(2)
    answer = client.get(f"/01/{shop.gtin}/22/V/10/{code}/21/A1")
    assert answer.status_code == 200 and code in answer.text


@pytest.mark.parametrize("name", ["gs1:pip", "https://gs1.org/voc/pip", "https://ref.gs1.org/voc/pip"])
def test_a_type_that_is_there_is_redirected_to(client, path, name):
    answer = client.get(path, query_string={"linkType": name})
    assert answer.status_code == 307 and answer.headers["Location"].startswith("/products/")
    assert 'rel="linkset"' in answer.headers["Link"]
    assert client.get(answer.headers["Location"]).status_code == 200


def test_a_redirection_to_itself_ends(client, path):
    answer = client.get(path + "?linkType=gs1:traceability&17=271108")
    assert answer.headers["Location"] == path + "?17=271108"
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("name", ["gs1:epil", "gs1:nonsense", "schema:review", "pip2", "x" * 300])
def test_a_type_that_is_not_there_is_404(client, path, name):
    assert client.get(path, query_string={"linkType": name}).status_code == 404


def test_the_query_is_passed_on(client, shop, path):
    answer = client.get(path + "?17=271108&linkType=gs1:pip&b=a%20b&context=x&b=2")
    assert answer.headers["Location"].partition("?")[2] == "17=271108&b=a%20b&b=2"
    moved = client.get(f"/01/{shop.gtin[1:]}?17=271108&linkType=gs1:pip")
    assert (
        moved.status_code == 301
        and moved.headers["Location"] == f"/01/{shop.gtin}?17=271108&linkType=gs1:pip"
    )


@pytest.mark.parametrize(
    ("liked", "hl"),
    [("en-GB,en;q=0.9", "hl=en"), ("vi,en;q=0.5", ""), ("", ""), ("fr", ""), ("fr,en;q=0.1", "hl=en")],
)
def test_the_language_liked_best_decides_between_links_of_a_type(client, path, liked, hl):
    answer = client.get(path + "?linkType=gs1:pip", headers={"Accept-Language": liked} if liked else {})
    assert answer.headers["Location"].partition("?")[2] == hl and "Accept-Language" in answer.headers["Vary"]


def test_the_description(client):
    said = client.get("/.well-known/gs1resolver").json
    assert (
        said["resolverRoot"] == BASE and said["supportedPrimaryKeys"] == ["01", "00", "414"] and said["name"]
    )
    assert said["jsonldContext"] == f"{BASE}/.well-known/gs1resolver-context.jsonld"
    assert {"gs1:pip", "gs1:traceability"} <= set(said["activeLinkTypes"]["vi"])


@pytest.mark.parametrize("more", ["", "?linkType=linkset"])
def test_a_slash_at_the_end_is_tolerated(client, path, more):
    answer = client.get(path + "/" + more, follow_redirects=True)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "typed", ["/gtin/{short}/lot/{lot}", "/01/{short}/10/{lot}", "/01/{long}/10/{small}/"]
)
def test_older_spellings_lead_to_the_one_address(client, shop, typed):
    code = shop.lot(2)
    asked = typed.format(short=shop.gtin[1:], long=shop.gtin, lot=code, small=code.lower())
    answer = client.get(asked)
    assert answer.status_code == 301 and answer.headers["Location"] == shop.path(code)


def test_no_path_before_the_key_is_ours(client):
    assert client.get("/01/x/01/02000000000015").status_code == 400
    assert client.get("/xx/01/02000000000015").status_code == 404


def test_the_linkset_costs_few_statements(app, client, path):
    client.get(path)
    with count_queries(app) as asked:
        assert client.get(path + "?linkType=linkset").status_code == 200
    assert asked.count <= 8
