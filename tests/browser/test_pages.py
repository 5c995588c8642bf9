"""What people may rely on in a real browser: with scripts and without, with the keyboard alone, on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect

from tests.browser.kit import barriers, stop_clock
from tests.cli.conftest import Program, Served, until
from tests.web.conftest import EVIL, REGISTER, files
from tests.web.decks import PAGE, deck

WEIGHT = 150_000


class Archive:
    """A service with the files of tests/web on it. ids: file -> resource."""

    def __init__(self, served: Served) -> None:
        self.url = served.url
        given = {**files(), "deck.pptx": deck(), "page.html": PAGE.encode()}
        places = {"uri": [f"file:///archive/{name}" for name in given]}
        with httpx.Client(base_url=served.url, trust_env=False, timeout=300) as client:
            assert (
                client.post("/v1/resources", files=[("file", one) for one in given.items()], data=places).status_code
                == 202
            )
            until(lambda: client.get("/v1/status").json()["jobs"] == {"indexed": len(given)})
            assert client.put("/v1/register", files={"file": ("register.yaml", REGISTER.encode())}).status_code == 200
            assert client.post("/v1/judging/queries", json={"queries": ["ring", "gel"]}).status_code == 200
            self.ids = {job["name"]: job["resource_id"] for job in client.get("/v1/jobs").json()["jobs"]}
            found = client.get("/v1/search", params={"q": "A diaphragm is fitted in the clinic"}).json()["hits"]
            self.passage = next(
                hit["passages"][0]["id"] for hit in found if hit["resource"]["id"] == self.ids["paper.pdf"]
            )

    def pages(self) -> list[str]:
        ring, paper = self.ids["ring.md"], self.ids["paper.pdf"]
        return [
            "/", "/?q=ring&person=amara", "/?q=cervical+cap&page=2", "/?q=zebra+qwxyz", "/?kind=xyz", "/no/such/page",
            f"/resources/{ring}?q=ring", f"/resources/{ring}/read?q=ring", f"/resources/{self.ids['hostile.md']}",
            f"/resources/{paper}/read?passage={self.passage}&q=diaphragm", f"/resources/{self.ids['arabic.md']}",
            f"/resources/{self.ids['deck.pptx']}/read?q=ninety+days",
            f"/resources/{self.ids['page.html']}/read?find=of",
            "/people", "/?q=Amara+Okonjo", f"/resources/{paper}?q=diaphragm",
            "/people/amara", "/people/amara/meet", "/organizations/arden", "/projects/anelia", "/network",
            "/network?from=amara&to=mallory", "/landscape", "/landscape/projects", "/landscape/untold",
            "/gaps", "/duplicates", "/introductions", "/desk", "/curate", "/judge",
            "/sources", "/audit", "/account", "/widget", "/people?find=nobody",
            f"/resources/{ring}?facet=result",
        ]  # fmt: skip


@pytest.fixture(scope="module")
def archive(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Program(tmp_path_factory.mktemp("pages") / "home").served() as served:
        yield Archive(served)


def suggesting(page: Page, *suggestions: dict[str, str]) -> list[str]:
    """The service suggests these from now on; the questions that it is asked."""
    asked: list[str] = []

    def answer(route: object, request: Request) -> None:
        asked.append(request.url)
        route.fulfill(json={"suggestions": list(suggestions)})  # type: ignore[attr-defined]

    page.route("**/v1/suggest?*", answer)
    return asked


# -- for everyone -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_has_barriers_in_either_theme(page: Page, archive: Archive, scheme: str) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
    for path in archive.pages():
        page.goto(archive.url + path, wait_until="networkidle")
        page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        assert barriers(page) == "", path


@pytest.mark.parametrize("width", [320, 640])
def test_no_page_is_wider_than_a_phone(page: Page, archive: Archive, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 700})
    for path in archive.pages():
        page.goto(archive.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path


@pytest.mark.parametrize("path", ["/?q=ring", "/people/amara", "/desk"])
def test_on_a_phone_the_header_is_one_row_and_the_menu_opens_from_a_button(
    page: Page, archive: Archive, path: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(archive.url + path)
    header = page.locator("header.top").bounding_box()
    assert header is not None
    assert header["height"] < 75
    people = page.get_by_role("link", name="People", exact=True)
    expect(people).to_be_hidden()
    page.get_by_role("button", name="Pages").press("Enter")
    expect(people).to_be_visible()
    page.keyboard.press("Escape")
    expect(people).to_be_hidden()


@pytest.mark.parametrize("path", ["/people/amara", "/projects/anelia", "/organizations/arden"])
def test_the_page_of_an_entry_is_no_long_list(page: Page, archive: Archive, path: str) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(archive.url + path)
    assert page.evaluate("document.documentElement.scrollHeight") < 2500
    assert page.locator(".reasons:visible").count() == 0, "all but the best reason is folded away"


def test_what_a_paper_is_related_to_stands_side_by_side_where_there_is_room(page: Page, archive: Archive) -> None:
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{archive.url}/resources/{archive.ids['paper.pdf']}?q=diaphragm")
    page.locator("#related").scroll_into_view_if_needed()
    respects = page.locator(".respects > *")
    expect(page.locator(".respects a[rel=nofollow]")).to_have_count(0)  # each is read by now
    boxes = [box for one in respects.all() if (box := one.bounding_box())]
    assert len({round(box["y"]) for box in boxes}) == 1 and len({round(box["x"]) for box in boxes}) == 4
    assert page.evaluate("document.documentElement.scrollHeight") < 2500
    page.set_viewport_size({"width": 390, "height": 800})
    page.reload()
    expect(page.locator(".respects details[open]")).to_have_count(0)
    page.get_by_text("A like method").click()
    expect(page.locator(".respects a[rel=nofollow]")).to_have_count(2)


def requests_beside(page: Page, *expected: str) -> list[str]:
    """Addresses that the page asks for from now on and that begin in none of these ways."""
    elsewhere: list[str] = []

    def note(request: Request) -> None:
        if not request.url.startswith(expected):
            elsewhere.append(request.url)

    page.on("request", note)
    return elsewhere


def test_a_search_weighs_little_and_nothing_jumps(page: Page, archive: Archive) -> None:
    elsewhere = requests_beside(page, archive.url)
    page.goto(f"{archive.url}/?q=ring", wait_until="networkidle")
    loaded = page.evaluate(
        "['navigation', 'resource'].flatMap((kind) => performance.getEntriesByType(kind))"
        ".reduce((sum, one) => sum + one.decodedBodySize, 0)"
    )
    shifted = page.evaluate(
        """new Promise((told) => {
            let sum = 0;
            new PerformanceObserver((list) => list.getEntries().forEach((one) => { sum += one.value; }))
                .observe({ type: 'layout-shift', buffered: true });
            requestAnimationFrame(() => setTimeout(() => told(sum), 50));
        })"""
    )
    # On a busy machine a page may be shown before the end of its header is read; that moves words by some pixels.
    assert 0 < loaded < WEIGHT and shifted < 0.01 and elsewhere == []


@pytest.mark.parametrize(("width", "beside"), [(390, False), (1280, True), (1920, True)])
def test_who_is_asked_for_by_name_stands_beside_the_results_where_there_is_room(
    page: Page, archive: Archive, width: int, beside: bool
) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{archive.url}/?q=Amara+Okonjo")
    card, results = page.locator(".by-name").bounding_box(), page.locator(".hits").bounding_box()
    assert card and results
    assert (card["x"] > results["x"] + results["width"]) == beside
    assert (card["y"] + card["height"] <= results["y"]) != beside
    expect(page.locator(".named a").first).to_have_attribute("href", "/people/amara")


@pytest.mark.parametrize("path", ["/?q=ring", "/"])
def test_results_stand_in_their_place_before_the_filters_have_come(page: Page, archive: Archive, path: str) -> None:
    def box() -> object:
        return page.locator(".hits").first.bounding_box()

    page.goto(archive.url + path)
    expect(page.locator(".filters")).to_be_visible()
    whole = box()
    page.route("**/*", lambda route: route.fulfill(body=route.fetch().text().partition("<aside")[0]), times=1)
    page.goto(archive.url + path)
    expect(page.locator(".filters")).to_have_count(0)
    assert whole == box()


def test_without_javascript_a_search_is_made_narrowed_and_read(browser: Browser, archive: Archive) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(archive.url)
    page.get_by_role("searchbox").fill("diaphragm fitted in the clinic")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name=re.compile("^Paper")).first.click()
    expect(page.get_by_role("list", name="Filters set")).to_contain_text("Paper")
    page.get_by_role("link", name="page 2").first.click()
    expect(page.locator(".text .current")).to_be_visible()
    expect(page.locator(".text .current mark").first).to_be_visible()
    expect(page.locator(".viewer")).to_be_hidden()
    context.close()


def test_years_are_chosen_by_dragging_over_their_bars(page: Page, archive: Archive) -> None:
    page.goto(f"{archive.url}/?q=ring+gel&kind=page&lang=fr")
    bars = page.locator(".bars a")
    boxes = [box for box in (bars.first.bounding_box(), bars.last.bounding_box()) if box]
    (start, _), (end, middle) = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in boxes]
    page.mouse.move(start, middle)
    page.mouse.down()
    page.mouse.move(end, middle)
    years = [str(page.locator(f"[name=year_{one}]").input_value()) for one in ("from", "to")]
    expect(page.locator(".said")).to_have_text("–".join(years))
    page.mouse.up()
    expect(page.locator(".chips")).to_contain_text("–".join(years))
    assert {"kind=page", "lang=fr", f"year_from={years[0]}", f"year_to={years[1]}"} < set(
        page.url.partition("?")[2].split("&")
    )


def test_years_are_chosen_by_keys(page: Page, archive: Archive) -> None:
    page.goto(f"{archive.url}/?q=ring+gel")
    bars = page.locator(".bars a")
    expect(page.locator(".bars a:not([tabindex='-1'])")).to_have_count(1)
    bars.first.focus()
    for key in ("Shift+End", "Escape", "Home", "Shift+End"):
        page.keyboard.press(key)
    ends = [bars.first.get_attribute("data-ends"), bars.last.get_attribute("data-ends")]
    first, last = str(ends[0]).split("–")[0], str(ends[1]).split("–")[1]
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"year_from={first}&year_to={last}$"))
    expect(page.locator(".bars .within")).to_have_count(page.locator(".bars > *").count())


def test_a_reference_and_an_address_are_copied(page: Page, context: BrowserContext, archive: Archive) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{archive.url}/?q=dapivirine+ring+ninety+days&lang=en")
    hit, ring = page.locator(".hits article").first, archive.ids["ring.md"]
    hit.get_by_role("link", name="Cite").click()
    expect(hit.get_by_role("link", name="Copied")).to_be_visible()
    expect(page.locator("[data-suggest-status]")).to_have_text("Copied")
    said = page.evaluate("navigator.clipboard.readText()")
    assert said.startswith("Okonjo A. The monthly vaginal ring in Kisumu.") and said.endswith(f"/resources/{ring}")
    hit.get_by_role("link", name="Copy link").click()
    expect(hit.get_by_role("link", name="Copied")).to_have_count(2)
    assert page.evaluate("navigator.clipboard.readText()") == f"{archive.url}/resources/{ring}"
    expect(page).to_have_url(re.compile(r"\?q=dapivirine"))


def test_what_cannot_be_copied_is_shown(page: Page, archive: Archive) -> None:
    page.route("**/*.txt*", lambda route: route.fulfill(status=503))
    page.goto(f"{archive.url}/?q=dapivirine+ring+ninety+days")
    page.locator(".hits article").first.get_by_role("link", name="Cite").click()
    expect(page).to_have_url(re.compile("/resources/[0-9a-f]+#cite$"))


@pytest.mark.parametrize("scripts", [True, False])
def test_results_are_selected_and_exported(browser: Browser, archive: Archive, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts)
    page = context.new_page()
    page.goto(f"{archive.url}/?q=cervical+cap")
    export = page.get_by_role("button", name="RIS")
    expect(export).to_be_hidden()
    for number in (0, 2):
        page.get_by_role("checkbox", name="Select").nth(number).check()
    expect(export).to_be_visible()
    with page.expect_download() as download:
        export.click()
    assert Path(download.value.path()).read_text("utf-8").count("TY  - ") == 2
    page.get_by_role("link", name="words", exact=True).click()
    expect(page).to_have_url(re.compile("mode=keyword"))
    context.close()


def test_hostile_text_does_nothing(page: Page, archive: Archive) -> None:
    hostile = archive.ids["hostile.md"]
    for path in (
        "/?q=hostile+ring",
        f"/resources/{hostile}?q=ring",
        f"/resources/{hostile}/read?q=ring",
        "/people/mallory",
        "/people",
    ):
        page.goto(archive.url + path)
        assert page.locator("main :is(img, svg:not(.share, .copy *), iframe)").count() == 0
    suggesting(page, {"kind": "term", "text": EVIL})
    page.goto(archive.url)
    page.get_by_role("combobox").press_sequentially("ring")
    expect(page.get_by_role("option")).to_contain_text(EVIL)
    page.get_by_role("option").click()
    expect(page.get_by_role("combobox")).to_have_value(EVIL)
    page.goto(archive.url)
    expect(page.locator("[data-recent]")).to_contain_text(EVIL)


# -- the network ------------------------------------------------------------------------------------------------------


def test_the_picture_of_the_network_and_its_table_say_the_same(page: Page, archive: Archive) -> None:
    elsewhere = requests_beside(page, archive.url)
    page.goto(f"{archive.url}/network", wait_until="networkidle")
    expect(page.get_by_role("img", name="A picture of the network")).to_be_visible()
    drawn = page.request.get(f"{archive.url}/network.json").json()["nodes"]
    assert sorted(f"person-{one['id']}" for one in drawn if one["kind"] == "person") == sorted(
        page.locator("tbody tr").evaluate_all("(all) => all.map((one) => one.id)")
    )
    page.get_by_role("checkbox", name="Organizations").check()
    page.get_by_label("Mark").fill("amara ok")
    expect(page.locator("[data-said] a")).to_have_text("Amara Okonjo")
    expect(page.locator("[data-said]")).to_contain_text("Arden Institute")
    assert elsewhere == []


def test_the_picture_has_as_few_elements_however_many_people_there_are(page: Page, archive: Archive) -> None:
    page.goto(f"{archive.url}/network", wait_until="networkidle")
    assert page.locator(".drawn canvas").count() == 1 and page.locator(".drawn canvas *").count() == 0
    assert page.locator(".drawn canvas").evaluate(
        "(one) => new Set(one.getContext('2d').getImageData(0, 0, one.width, one.height).data).size > 8"
    ), "something is drawn"


def test_the_picture_needs_no_mouse(page: Page, archive: Archive) -> None:
    page.goto(f"{archive.url}/network", wait_until="networkidle")
    picture, canvas = page.locator(".drawn"), page.locator(".drawn canvas")
    before = picture.get_attribute("data-scale")
    page.get_by_role("button", name="Larger").press("Enter")
    larger = picture.get_attribute("data-scale")
    assert float(larger or 0) > float(before or 0)
    canvas.press("-")
    assert float(picture.get_attribute("data-scale") or 0) < float(larger or 0)
    shown = canvas.evaluate("(one) => one.toDataURL()")
    canvas.press("ArrowRight")
    page.wait_for_function("(before) => document.querySelector('.drawn canvas').toDataURL() !== before", arg=shown)


def test_on_paper_the_picture_is_there_and_light_whatever_the_screen_is(page: Page, archive: Archive) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(f"{archive.url}/network", wait_until="networkidle")
    corner = "() => document.querySelector('.drawn canvas').getContext('2d').getImageData(2, 2, 1, 1).data[0] > 200"
    assert not page.evaluate(corner)
    page.emulate_media(media="print", color_scheme="dark")
    page.wait_for_function(corner)
    expect(page.locator(".drawn canvas")).to_be_visible()
    expect(page.get_by_role("button", name="Show the way")).to_be_hidden()
    page.emulate_media(media="screen", color_scheme="dark")
    page.wait_for_function(f"() => !({corner})()")


def test_the_pictures_are_saved_as_png(page: Page, archive: Archive) -> None:
    for path in ("/network", "/landscape"):
        page.goto(f"{archive.url}{path}", wait_until="networkidle")
        with page.expect_download() as saved:
            page.locator("[data-png]").click()
        assert saved.value.path().read_bytes().startswith(b"\x89PNG")


def test_without_javascript_the_network_is_its_table(browser: Browser, archive: Archive) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{archive.url}/network")
    expect(page.locator(".drawn")).to_be_hidden()
    expect(page.get_by_role("rowheader", name="Amara Okonjo")).to_be_visible()
    page.get_by_role("combobox", name="From").fill("Amara Okonjo")
    page.get_by_label("To", exact=True).fill("mallory")
    page.get_by_role("button", name="Show the way").click()
    expect(page.locator("#path")).to_contain_text("Nobody is known")
    context.close()


# -- with the keyboard ------------------------------------------------------------------------------------------------


def test_from_a_question_to_the_marked_passage_with_the_keyboard_alone(page: Page, archive: Archive) -> None:
    page.goto(archive.url)
    page.keyboard.press("/")
    page.keyboard.type("diaphragm fitted in the clinic")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("q=diaphragm"))
    page.keyboard.press("/")
    page.keyboard.press("ArrowDown")
    first = page.locator("[data-hit]").first
    expect(first).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="page 2").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#page-number")).to_have_value("2")
    expect(page.locator(".textLayer mark").first).to_be_attached()
    assert "A diaphragm is fitted in the clinic" in page.locator(".textLayer").inner_text()
    assert [one.lower() for one in page.locator(".textLayer mark.word").all_inner_texts()] == [
        "diaphragm",
        "fitted",
        "clinic",
    ]
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#page-number")).to_have_value("1")
    expect(page).to_have_url(re.compile("#page=1$"))


def test_arrows_go_from_result_to_result_and_back_to_the_field(page: Page, archive: Archive) -> None:
    page.goto(f"{archive.url}/?q=cervical+cap")
    page.get_by_role("combobox").focus()
    for number in (0, 1, 2):
        page.keyboard.press("ArrowDown")
        expect(page.locator("[data-hit]").nth(number)).to_be_focused()
    for _ in range(3):
        page.keyboard.press("ArrowUp")
    expect(page.get_by_role("combobox")).to_be_focused()


def test_the_way_past_the_header_is_short(page: Page, archive: Archive) -> None:
    page.goto(f"{archive.url}/?q=ring")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


# -- suggestions ------------------------------------------------------------------------------------------------------

SUGGESTED = ({"kind": "person", "text": "Amara Okonjo", "id": "amara"}, {"kind": "term", "text": "vaginal ring"})


def test_suggestions_follow_the_pattern_of_a_combobox(page: Page, archive: Archive) -> None:
    asked = suggesting(page, *SUGGESTED)
    page.goto(archive.url)
    stop_clock(page)
    field = page.get_by_role("combobox")
    field.press_sequentially("r")
    field.press_sequentially("in")
    page.clock.run_for(1000)
    expect(page.get_by_role("option")).to_have_count(2)
    assert [one.rpartition("q=")[2] for one in asked] == ["rin"]
    page.clock.resume()
    expect(field).to_have_attribute("aria-expanded", "true")
    assert field.get_attribute("aria-activedescendant") is None
    expect(page.locator("[data-suggest-status]")).to_have_text("2 suggestions")
    assert barriers(page) == ""
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("option", selected=True)).to_contain_text("vaginal ring")
    page.keyboard.press("ArrowDown")
    assert field.get_attribute("aria-activedescendant") is None
    page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "suggestion-0")
    page.keyboard.press("Escape")
    expect(page.get_by_role("option")).to_have_count(0)
    expect(field).to_have_value("rin")
    expect(field).to_be_focused()


def test_a_person_who_is_suggested_is_gone_to_and_a_term_is_searched(page: Page, archive: Archive) -> None:
    suggesting(page, *SUGGESTED)
    page.goto(archive.url)
    page.get_by_role("combobox").press_sequentially("ring")
    page.get_by_role("option", name="Amara Okonjo").click()
    expect(page).to_have_url(f"{archive.url}/people/amara")
    page.get_by_role("combobox").press_sequentially("ring")
    expect(page.get_by_role("option")).to_have_count(2)
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=vaginal(\+|%20)ring"))


def test_when_suggestions_fail_the_search_still_works(page: Page, archive: Archive) -> None:
    suggesting(page)
    page.route("**/v1/suggest?*", lambda route: route.abort())
    page.goto(archive.url)
    page.get_by_role("combobox").press_sequentially("ring")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("for “ring”")


# -- recent searches --------------------------------------------------------------------------------------------------


def test_recent_searches_stay_in_the_browser_until_they_are_forgotten(
    page: Page, context: BrowserContext, archive: Archive
) -> None:
    for words in ("ring", "gel", "ring"):
        page.goto(f"{archive.url}/?q={words}")
    page.goto(archive.url)
    expect(page.locator("[data-recent] li")).to_have_text(["ring", "gel"])
    assert context.cookies() == []
    page.get_by_role("button", name="Forget them").click()
    page.reload()
    expect(page.locator("[data-recent]")).to_be_hidden()


# -- reading ----------------------------------------------------------------------------------------------------------


def test_a_pdf_opens_at_the_page_that_its_address_says(page: Page, archive: Archive) -> None:
    base = f"{archive.url}/resources/{archive.ids['paper.pdf']}/read"
    page.goto(f"{base}#page=2&passage={archive.passage}")
    expect(page.locator("#page-number")).to_have_value("2")
    expect(page.locator(".textLayer mark").first).to_be_attached()
    page.goto(f"{base}#page=1")
    expect(page.locator("#page-number")).to_have_value("1")
    expect(page.locator(".textLayer")).to_contain_text("The first page greets its readers.")
    drawn = page.evaluate(
        """() => {
            const { canvas } = document.querySelector('.sheet canvas').getContext('2d');
            const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
            return data.some((value, at) => at % 4 < 3 && value < 100);
        }"""
    )
    assert drawn, "there are dark points on the page"


def test_the_viewer_gives_way_to_the_text(page: Page, archive: Archive) -> None:
    page.goto(f"{archive.url}/resources/{archive.ids['paper.pdf']}/read")
    page.get_by_role("button", name="Text").click()
    expect(page.locator("#page-2")).to_be_visible()
    expect(page.locator(".page-area")).to_be_hidden()
    page.get_by_role("button", name="Text").click()
    expect(page.locator(".page-area")).to_be_visible()


def test_a_pdf_that_cannot_be_loaded_is_read_as_text(page: Page, archive: Archive) -> None:
    page.route("**/file", lambda route: route.fulfill(status=404, body="gone"))
    page.goto(f"{archive.url}/resources/{archive.ids['paper.pdf']}/read")
    expect(page.locator("#viewer-status")).to_contain_text("cannot be shown here")
    expect(page.locator("#page-2")).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False])
def test_a_reader_goes_from_one_passage_found_to_the_next(browser: Browser, archive: Archive, scripts: bool) -> None:
    context = browser.new_context(java_script_enabled=scripts, viewport={"width": 1000, "height": 500})
    page = context.new_page()
    page.goto(f"{archive.url}/resources/{archive.ids['deck.pptx']}/read?lang=en")
    page.get_by_role("searchbox", name="Find in this text").fill("sponge")
    page.get_by_role("searchbox", name="Find in this text").press("Enter")
    said, second = page.locator(".steps .said"), page.locator("#slide-2 img")
    expect(said).to_have_text("1 of 2")
    if scripts:
        page.keyboard.press("n")
    else:
        page.get_by_role("link", name="Next passage found").click()
    expect(said).to_have_text("2 of 2")
    expect(second).to_have_attribute("src", re.compile("passage="))
    expect(second).to_be_in_viewport()
    expect(page.locator("#slide-1 img")).not_to_have_attribute("src", re.compile("passage="))
    if scripts:
        page.keyboard.press("p")
        expect(said).to_have_text("1 of 2")
    context.close()


def test_a_search_opens_a_page_where_it_is_answered_and_that_is_copied_with_its_reference(
    page: Page, context: BrowserContext, archive: Archive
) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.set_viewport_size({"width": 800, "height": 300})
    deck_page = f"{archive.url}/resources/{archive.ids['deck.pptx']}/read"
    page.goto(f"{deck_page}?q=applicator+in+Kisumu&lang=en")
    expect(page.locator("#slide-2 h2")).to_be_in_viewport()
    page.get_by_role("button", name="Copy with reference").click()
    expect(page.locator(".copy .word")).to_have_text("Copied")
    said = page.evaluate("navigator.clipboard.readText()")
    assert said.startswith("“") and "nobody asked for an applicator" in said
    assert "Sponges that last" in said and "Slide 2" in said and f"\n{deck_page}?passage=" in said


def test_the_text_is_printed_and_no_controls(page: Page, archive: Archive) -> None:
    for name, said in (("deck.pptx", "nobody asked"), ("page.html", "half a million"), ("paper.pdf", "greets its")):
        page.goto(f"{archive.url}/resources/{archive.ids[name]}/read", wait_until="networkidle")
        page.emulate_media(media="print")
        expect(page.locator("#text").get_by_text(said)).to_be_visible()
        for hidden in (".hits-bar", ".read > header .row", "header.top form", "#slide-2 img", ".tools"):
            assert not [one for one in page.locator(hidden).all() if one.is_visible()], (name, hidden)
        page.emulate_media(media="screen")


@pytest.mark.parametrize("width", [390, 1280])
def test_the_page_of_the_api_can_be_read_and_tried(page: Page, archive: Archive, width: int) -> None:
    elsewhere = requests_beside(page, archive.url)
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{archive.url}/docs#search")  # a link opens what it leads to
    page.locator("#search [data-try]").click()
    page.locator("#search").get_by_label("q", exact=True).fill("ring")
    page.locator("#search").get_by_role("button", name="Send").click()
    expect(page.locator("#search").get_by_label("The answer")).to_contain_text('"query": "ring"')
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == ""
    assert elsewhere == []
