"""What a webmaster and their visitors may rely on of the widget, in a site of another origin with a strict policy."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Request, Route, expect

from tests.browser.conftest import KEY
from tests.browser.kit import ANYBODY, STRICT, Site, answer, barriers, hit, refusal, stop_clock
from tests.cli.conftest import Served

SEARCH = "**/v1/search?*"
Open = Callable[..., Page]


@pytest.fixture
def show(page: Page, site: Site, served: Served) -> Open:
    """show(body) opens a page of the foreign site with the widget's script; `$service` and `$key` stand for those."""

    def opened(
        body: str = "<resource-search endpoint='$service' key='$key'></resource-search>", head: str = ""
    ) -> Page:
        script = f'<script type="module" src="{served.url}/widget.js"></script>'
        html = (
            "<!doctype html><html lang=en><title>Foreign</title>"
            f"<main><h1>Foreign</h1>{head or script}{body}</main></html>"
        )
        html = html.replace("$service", served.url).replace("$key", KEY).replace("$script", script)
        page.goto(site.put("/page", html, policy=STRICT.format(service=served.url)))
        return page

    return opened


def field(page: Page, at: int = 0) -> Locator:
    return page.get_by_role("combobox").nth(at)


def ask(page: Page, words: str, at: int = 0) -> Locator:
    """The options, when there are some."""
    field(page, at).press_sequentially(words)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    return options


def asked(page: Page) -> list[str]:
    """Every question that the page sends from now on."""
    seen: list[str] = []

    def note(request: Request) -> None:
        if "/v1/search" in request.url:
            seen.append(request.url)

    page.on("request", note)
    return seen


def answering(page: Page, *answers: dict[str, Any]) -> None:
    """The service answers with these from now on, each once, the last one for ever."""
    left = list(answers)
    page.route(SEARCH, lambda route: route.fulfill(**(left.pop(0) if len(left) > 1 else left[0])))


# -- searching --------------------------------------------------------------------------------------------------------


def test_a_visitor_of_another_site_finds_a_passage_with_its_words_marked_and_a_real_link(
    show: Open, served: Served
) -> None:
    page = show()
    option = ask(page, "dapivirine ring").first
    expect(option).to_contain_text("The monthly vaginal ring in Kisumu")
    expect(option).to_contain_text("Web page · 2021 · Amara Okonjo · “Results”")
    assert set(option.locator("mark").all_inner_texts()) >= {"dapivirine", "ring"}
    href = option.get_attribute("href") or ""
    assert href.startswith(f"{served.url}/resources/") and "/read?passage=" in href and "#passage-" in href
    assert page.request.get(href).ok
    assert barriers(page) == ""


def test_nothing_is_asked_before_two_letters_and_only_once_for_what_is_typed_in_one_go(show: Open) -> None:
    page = show()
    stop_clock(page)
    questions = asked(page)
    field(page).press_sequentially("r")
    page.clock.run_for(1000)  # longer than the widget waits
    assert questions == []
    expect(page.get_by_role("listbox")).to_be_hidden()
    field(page).press_sequentially("ing in kisumu")
    page.clock.run_for(1000)
    expect(page.get_by_role("option").first).to_be_visible()
    assert [re.search(r"q=([^&]*)", one)[1] for one in questions] == ["ring+in+kisumu"]  # type: ignore[index]
    field(page).fill("r")
    expect(page.get_by_role("option")).to_have_count(0)


def test_the_attributes_say_what_is_asked(show: Open) -> None:
    page = show(
        "<resource-search endpoint='$service/' key='$key' kinds='page, paper' language='en' limit='1' target='_blank'"
        " placeholder='Find a ring'></resource-search>"
    )
    questions = asked(page)
    expect(page.get_by_role("combobox", name="Find a ring")).to_be_visible()
    option = ask(page, "ring")
    assert questions[0].endswith(f"/v1/search?q=ring&limit=1&kind=page&kind=paper&language=en&key={KEY}")
    expect(option).to_have_count(1)
    assert (option.get_attribute("target"), option.get_attribute("rel")) == ("_blank", "noopener")
    assert "kind=page&kind=paper&language=en" in (
        page.get_by_role("link", name="All results").get_attribute("href") or ""
    )


def test_a_changed_attribute_holds_from_then_on(show: Open) -> None:
    page = show()
    ask(page, "ring")
    page.locator("resource-search").evaluate("(one) => one.setAttribute('kinds', 'event')")
    expect(page.get_by_role("option")).to_have_count(0)
    field(page).press_sequentially("s")
    expect(page.get_by_text("Nothing in the archive is about “rings”.").first).to_be_visible()
    page.locator("resource-search").evaluate("(one) => one.setAttribute('lang', 'fr')")
    expect(page.get_by_role("combobox", name="Rechercher dans les archives")).to_have_value("rings")


def test_the_texts_are_french_where_the_page_is(show: Open) -> None:
    page = show("<div lang=fr-CA><resource-search endpoint='$service' key='$key'></resource-search></div>")
    answering(page, answer(hit("Un anneau"), total=7))
    ask(page, "anneau")
    expect(page.get_by_role("status")).to_have_text("1 résultats sur 7")
    expect(page.get_by_role("option")).to_contain_text("Article · 2024 · page 4")


def test_a_page_hears_what_is_searched_and_chosen_and_may_keep_the_visitor(show: Open) -> None:
    page = show("<div id=around><resource-search endpoint='$service' key='$key'></resource-search></div>")
    page.evaluate(
        """() => { window.heard = [];
        for (const type of ['search', 'select']) document.addEventListener(type, (event) => {
          if (!event.detail) return;
          heard.push([type, event.detail, event.target.localName]);
          if (type === 'select') event.preventDefault(); }) }"""
    )
    ask(page, "ring").first.click()
    heard = page.evaluate("heard")
    assert [one[0] for one in heard] == ["search", "select"]
    assert heard[0][1] == {"query": "ring", "total": 3, "shown": 3}
    assert heard[1][1].keys() == {"query", "position", "kind", "id", "title", "href"}
    assert (heard[1][1]["position"], heard[1][2]) == (1, "resource-search")
    assert page.url.endswith("/page")


# -- by keyboard ------------------------------------------------------------------------------------------------------


def test_it_is_used_by_keyboard_alone(show: Open, served: Served) -> None:
    page = show("<button>Before</button><resource-search endpoint='$service' key='$key'></resource-search>")
    page.get_by_role("button", name="Before").focus()
    page.keyboard.press("Tab")
    page.keyboard.type("ring")
    combobox, options = field(page), page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(combobox).to_be_focused()
    expect(combobox).to_have_attribute("aria-expanded", "true")
    expect(page.get_by_role("status")).to_have_text("3 results")
    assert combobox.get_attribute("aria-activedescendant") is None  # until an arrow key says so

    def active() -> list[str | None]:
        return [one.get_attribute("aria-selected") for one in options.all()]

    page.keyboard.press("ArrowDown")
    expect(combobox).to_have_attribute("aria-activedescendant", "option-0")
    page.keyboard.press("ArrowDown")
    assert active() == ["false", "true", "false"]
    page.keyboard.press("ArrowLeft")
    assert (active(), combobox.get_attribute("aria-activedescendant")) == (["false"] * 3, None)
    page.keyboard.press("ArrowUp")
    assert active() == ["false", "false", "true"]
    page.keyboard.press("ArrowDown")  # past the last one is the field itself
    assert active() == ["false"] * 3
    page.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(combobox).to_have_attribute("aria-expanded", "false")
    expect(combobox).to_have_value("ring")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_be_visible()
    href = options.first.get_attribute("href")
    page.keyboard.press("Enter")
    page.wait_for_url(str(href))


def test_enter_without_a_choice_leads_to_all_results_and_tab_to_the_link_that_does(show: Open, served: Served) -> None:
    page = show("<resource-search endpoint='$service' key='$key'></resource-search><button>After</button>")
    ask(page, "ring")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All results")).to_be_focused()
    page.keyboard.press("Escape")
    expect(field(page)).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.get_by_role("button", name="After")).to_be_focused()
    field(page).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"{served.url}/?q=ring")


def test_results_go_away_when_the_visitor_does_and_a_second_escape_empties_the_field(show: Open) -> None:
    page = show("<resource-search endpoint='$service' key='$key'></resource-search><button>After</button>")
    ask(page, "ring")
    page.locator("h1").click()
    expect(page.get_by_role("option").first).to_be_hidden()
    field(page).click()
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(field(page)).to_have_value("")


def test_a_dialog_keeps_the_focus_and_gives_it_back(show: Open) -> None:
    page = show(
        "<button>Before</button><resource-search mode=dialog endpoint='$service' key='$key'></resource-search>"
        "<a href=#>After</a>"
    )
    opens = page.get_by_role("button", name="Search the archive")
    opens.focus()
    page.keyboard.press("Enter")
    expect(field(page)).to_be_focused()
    ask(page, "ring")
    assert barriers(page) == ""
    reached = set()
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.add(
            page.evaluate(
                "document.activeElement.shadowRoot?.activeElement?.part.value ?? document.activeElement.localName"
            )
        )
    assert reached <= {"input", "close", "all", "list", "body"}  # body: the browser's own bar
    assert {"input", "close", "all"} <= reached
    field(page).focus()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(opens).to_be_focused()


# -- when things go wrong ---------------------------------------------------------------------------------------------


def test_an_answer_that_comes_late_is_dropped(show: Open) -> None:
    page = show()
    held: list[Route] = []

    def serve(route: Route) -> None:
        if "q=ring+slow" in route.request.url:
            held.append(route)
        else:
            route.fulfill(**answer(hit("The later question")))

    page.route(SEARCH, serve)
    # The network does not know that nobody waits any more.
    page.evaluate("() => { const real = fetch; window.fetch = (url, { signal, ...rest }) => real(url, rest); }")
    with page.expect_request(SEARCH):
        field(page).fill("ring slow")
    field(page).fill("ring later")
    expect(page.get_by_role("option")).to_contain_text("The later question")
    with page.expect_event("requestfinished"):
        held[0].fulfill(**answer(hit("The earlier question")))
    page.evaluate("() => new Promise((done) => setTimeout(done))")
    expect(page.get_by_role("option")).to_contain_text("The later question")


def test_a_question_that_nobody_waits_for_is_taken_back(show: Open) -> None:
    page = show()
    page.route(SEARCH, lambda route: None)
    # it never loses its patience, which would end the request too
    page.evaluate(
        "() => { const given = setTimeout; window.setTimeout = (call, ms) => (ms < 1000 ? given(call, ms) : 0); }"
    )
    with page.expect_request(SEARCH):
        field(page).press_sequentially("ring")
    with page.expect_event("requestfailed") as failed:
        field(page).press_sequentially("s")
    assert "ABORTED" in str(failed.value.failure)


@pytest.mark.parametrize(
    ("fails", "says"),
    [
        (None, "The search cannot be reached."),
        (refusal(429, **{"Retry-After": "17"}), "Too many searches. Try again in 17 s."),
        (refusal(503), "The search is busy. Try again in a moment."),
        (refusal(403), "This page may not search here."),
        (refusal(500), "The search failed."),
        ({"status": 200, "body": "<html>not what was asked for", "headers": ANYBODY}, "The search failed."),
        ({"status": 200, "body": '{"hits": 5}', "headers": ANYBODY}, "The search failed."),
        ({"status": 200, "body": "null", "headers": ANYBODY}, "The search failed."),
    ],
)
def test_an_error_is_told_and_the_last_results_stay(show: Open, fails: dict[str, Any] | None, says: str) -> None:
    page = show()
    failing = True

    def serve(route: Route) -> None:
        if "q=rings" in route.request.url and failing:
            route.abort() if fails is None else route.fulfill(**fails)
        else:
            route.fulfill(**answer(hit("Kept")))

    page.route(SEARCH, serve)
    ask(page, "ring")
    field(page).press_sequentially("s")
    expect(page.get_by_role("status")).to_have_text(f"{says} These are the results for “ring”.")
    expect(page.get_by_role("option")).to_contain_text("Kept")
    assert barriers(page) == ""
    failing = False
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("status")).to_have_text("1 result")
    expect(page.get_by_role("button", name="Try again")).to_be_hidden()
    expect(field(page)).to_be_focused()


def test_a_service_that_does_not_answer_is_given_up(show: Open) -> None:
    page = show()
    stop_clock(page)
    page.route(SEARCH, lambda route: None)
    field(page).press_sequentially("ring")
    with page.expect_request(SEARCH):
        page.clock.run_for(1000)
    expect(page.locator(".busy")).to_have_count(1)
    page.clock.run_for(15_000)
    expect(page.get_by_role("status")).to_have_text("The search takes too long.")
    expect(page.locator(".busy")).to_have_count(0)


def test_a_wrong_endpoint_is_told(show: Open) -> None:
    page = show("<resource-search endpoint='javascript:alert(1)//'></resource-search>")
    field(page).press_sequentially("ring")
    expect(page.get_by_role("status")).to_have_text("The search failed.")
    page.keyboard.press("Enter")
    assert page.url.endswith("/page")


def test_nothing_relevant_is_an_answer(show: Open) -> None:
    page = show()
    answering(page, answer())
    field(page).press_sequentially("<b>zzyzx</b>")
    expect(page.get_by_role("status")).to_have_text("Nothing in the archive is about “<b>zzyzx</b>”.")
    expect(field(page)).to_have_attribute("aria-expanded", "false")
    assert barriers(page) == ""


def test_who_is_asked_for_by_name_comes_first(show: Open, served: Served) -> None:
    page = show()
    person: dict[str, Any] = {
        "kind": "person",
        "id": "p1",
        "name": "Amara Okonjo",
        "note": "Epidemiologist",
        "href": "/people/p1",
    }
    person |= {"organizations": [{"id": "o1", "name": "Kisumu Field Station"}], "works": 2}
    answering(page, answer(hit("Ring"), named=[person]))
    options = ask(page, "okonjo")
    expect(options).to_have_count(2)
    expect(options.first).to_have_accessible_name("Amara Okonjo Person · Epidemiologist · Kisumu Field Station")
    expect(options.first).to_have_attribute("href", f"{served.url}/people/p1")
    assert barriers(page) == ""
    answering(page, answer(named=[person]))
    field(page).press_sequentially("s")
    expect(options).to_have_count(1)  # without a resource it is an answer, too
    expect(page.get_by_role("status")).to_contain_text("Amara Okonjo")


def test_old_results_are_dimmed_and_the_search_is_said_while_new_ones_come(show: Open) -> None:
    page = show()
    answering(page, answer(hit("Kept")))
    ask(page, "ring")
    listed = page.get_by_role("listbox")
    expect(listed).to_have_css("opacity", "1")
    held: list[Route] = []
    page.unroute(SEARCH)
    page.route(SEARCH, lambda route: held.append(route))
    with page.expect_request(SEARCH):
        field(page).press_sequentially("s")
    expect(listed).to_have_attribute("aria-busy", "true")
    expect(listed).to_have_css("opacity", "0.5")
    expect(listed).to_contain_text("Kept")
    expect(page.get_by_role("status")).to_have_text("Searching…")
    held[0].fulfill(**answer(hit("New")))
    expect(page.get_by_role("status")).to_have_text("1 result")
    expect(listed).to_have_css("opacity", "1")


def test_what_may_have_been_meant_is_one_click_away(show: Open) -> None:
    page = show()
    questions = asked(page)
    answering(page, answer(hit("Rang"), did_you_mean="ring"))
    ask(page, "rang")
    expect(page.get_by_text("Did you mean ring")).to_be_visible()
    assert barriers(page) == ""
    answering(page, answer(hit("Ring"), did_you_mean="ring", corrected=True))
    page.get_by_role("button", name="ring").click()
    expect(field(page)).to_have_value("ring")
    expect(field(page)).to_be_focused()
    field(page).fill("rnig")
    expect(page.get_by_role("status")).to_have_text("Results for “ring”., 1 result")
    answering(page, answer(hit("Rnig")))
    page.get_by_role("button", name="Search for “rnig” instead").click()
    expect(page.get_by_text("Results for “ring”.")).to_be_hidden()
    assert [("as_typed=true" in one, "q=ring" in one) for one in questions[1:]] == [
        (False, True),
        (False, False),
        (True, False),
    ]
    expect(page.get_by_role("link", name="All results")).to_have_attribute("href", re.compile("as_typed=true"))


def kinds(**counts: int) -> list[dict[str, Any]]:
    return [{"value": kind, "label": kind, "count": count} for kind, count in counts.items()]


def test_kinds_are_tabs(show: Open) -> None:
    page = show("<resource-search endpoint='$service' key='$key' kinds='paper page event'></resource-search>")
    questions = asked(page)
    answering(page, answer(hit("Ring"), facets={"kind": kinds(paper=3, presentation=5, page=1, event=0)}))
    ask(page, "ring")
    tabs = page.get_by_role("tab")
    expect(tabs).to_have_text(["All", "Papers3", "Web pages1"])  # what the page allows and what there is
    page.keyboard.press("Tab")
    expect(tabs.first).to_be_focused()
    page.keyboard.press("ArrowLeft")  # the last one; all of them are one stop
    expect(tabs.last).to_be_focused()
    expect(tabs.last).to_have_attribute("aria-selected", "true")
    expect(page.get_by_role("listbox")).to_have_attribute("aria-busy", "false")
    assert questions[-1].partition("limit=6")[2] == f"&kind=page&key={KEY}"
    expect(page.get_by_role("link", name="All results")).to_have_attribute("href", re.compile(r"q=ring&kind=page$"))
    assert barriers(page) == ""
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="All results")).to_be_focused()
    answering(page, answer(facets={"kind": kinds(paper=2)}))
    field(page).press_sequentially("s")  # the tab stays while one types
    expect(tabs).to_have_text(["All", "Papers2", "Web pages0"])
    answering(page, answer(hit("Rings"), facets={"kind": kinds(paper=2)}))
    tabs.first.click()
    expect(tabs).to_have_count(0)  # no choice
    assert "kind=paper&kind=page&kind=event" in questions[-1]


# -- hostile text -----------------------------------------------------------------------------------------------------

EVIL = "<img src=x onerror=alert(1)></mark></a><script>alert(2)</script>\u202e{{7*7}}${alert(3)}"


def test_hostile_text_from_the_archive_is_only_text(show: Open) -> None:
    page = show()
    options = ask(page, "hostile ring").filter(has_text="<script>alert(2)</script> hostile ring")
    expect(options).to_have_count(1)
    expect(options).to_contain_text('<iframe srcdoc="<script>alert(5)</script>">')
    assert page.locator("img, script:not([type=module]), iframe").count() == 0


def test_hostile_text_in_every_field_of_an_answer_is_only_text(show: Open) -> None:
    page = show()
    author = {"name": EVIL}
    hostile = hit(
        EVIL,
        f"ring {EVIL}",
        [(0, 4), (5, 40), (2, 3), (-5, 2), (90, 9000)],
        kind=EVIL,
        year=EVIL,
        authors=[author, None],
    )
    odd: list[Any] = [
        hostile,
        {},
        {"resource": {"title": 7, "authors": None}, "passages": [{"text": "x", "highlights": 5, "locator": None}]},
        None,
    ]
    answering(page, answer(*odd))
    options = ask(page, EVIL[:60])
    expect(options).to_have_count(4)
    expect(options.first).to_contain_text(EVIL[:60])
    assert page.locator("resource-search img, resource-search script").count() == 0
    assert options.first.locator("mark").all_inner_texts()[0] == "ring"


@pytest.mark.parametrize(
    "href",
    [
        "javascript:alert(1)", "/javascript:alert(1)", " java\nscript:alert(1)",
        "data:text/html,<script>alert(1)</script>", "blob:x", "file:///etc/passwd", "http://[", 5, None,
    ],
)  # fmt: skip
def test_an_address_that_is_no_web_address_is_no_link(show: Open, href: Any) -> None:
    page = show()
    answering(page, answer(hit("A trap", href=href)))
    option = ask(page, "ring").first
    if href is None:  # then the resource itself
        assert str(option.get_attribute("href")).endswith("/v1/resources/1/file")
        return
    assert re.match(r"https?://127\.0\.0\.1:\d+/", option.get_attribute("href") or "http://127.0.0.1:1/")
    option.click()
    assert page.url.endswith("/page") or "/5" in page.url


def test_words_are_marked_where_they_stand_whatever_is_before_them(show: Open) -> None:
    """Positions count characters; a browser counts two for an emoji, and a passage is cut around its first mark."""
    page = show()
    text = "💍 " * 200 + "the ring 💊 in use" + " and more" * 60
    at = text.index("ring")
    answering(page, answer(hit("Rings", text, [(at, at + 4), (at + 5, at + 6)])))
    option = ask(page, "ring").first
    assert option.locator("mark").all_inner_texts() == ["ring", "💊"]
    assert len(option.inner_text()) < 400


def test_text_from_right_to_left_is_set_so(show: Open) -> None:
    page = show()
    option = ask(page, "الحلقة المهبلية").first
    assert [
        option.locator(part).evaluate("(one) => getComputedStyle(one).direction")
        for part in (".title", ".passage", ".meta")
    ] == ["rtl", "rtl", "ltr"]


# -- inside other pages -----------------------------------------------------------------------------------------------


def test_several_on_one_page_know_nothing_of_each_other(show: Open) -> None:
    one = "<resource-search endpoint='$service' key='$key'></resource-search>"
    page = show(f"<section>{one}</section><section>{one}</section>")
    ask(page, "ring", at=0)
    expect(field(page, 1)).to_have_value("")
    field(page, 1).press_sequentially("hostile ring")
    expect(page.locator("section").nth(1).get_by_role("option").first).to_be_visible()
    expect(page.locator("section").nth(0).get_by_role("option").first).to_be_hidden()
    assert barriers(page) == ""


def test_it_works_inside_another_shadow_root_and_added_late(show: Open, served: Served) -> None:
    page = show("<div id=late></div>")
    page.wait_for_load_state()
    page.evaluate(
        """([endpoint, key]) => {
        const inner = document.createElement('div');
        document.getElementById('late').attachShadow({ mode: 'open' }).append(inner);
        const root = inner.attachShadow({ mode: 'open' });
        const widget = document.createElement('resource-search');
        widget.setAttribute('endpoint', endpoint);
        widget.setAttribute('key', key);
        root.append(widget);
        window.addEventListener('select', (event) => { window.chosen = event.detail; event.preventDefault(); });
        }""",
        [served.url, KEY],
    )
    ask(page, "ring")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.evaluate("chosen.position") == 1


def test_it_works_when_its_script_comes_after_everything_and_survives_being_moved(show: Open) -> None:
    page = show(
        "<div id=there></div><resource-search endpoint='$service' key='$key'></resource-search>$script", head="<hr>"
    )
    ask(page, "ring")
    page.evaluate("document.getElementById('there').append(document.querySelector('resource-search'))")
    expect(field(page)).to_have_value("ring")
    field(page).fill("ring in kisumu")
    expect(page.get_by_role("option").first).to_be_visible()


def test_a_script_that_is_loaded_twice_does_no_harm(show: Open, served: Served) -> None:
    page = show(head=f"$script<script type=module src='{served.url}/widget.js?again'></script>")
    expect(field(page)).to_have_count(1)
    ask(page, "ring")


def test_nothing_outside_changes(show: Open) -> None:
    page = show("<p>Before</p><resource-search endpoint='$service' key='$key'></resource-search><p id=after>After</p>")
    expect(field(page)).to_be_visible()
    look = """() => ({
      html: document.documentElement.outerHTML, names: Object.getOwnPropertyNames(window).sort().join(),
      sheets: document.styleSheets.length + document.adoptedStyleSheets.length, scroll: scrollY,
      cookies: document.cookie, kept: localStorage.length + sessionStorage.length,
      places: [...document.querySelectorAll('main > *')].map((one) => JSON.stringify(one.getBoundingClientRect())) })"""
    before = page.evaluate(look)
    ask(page, "ring")
    page.keyboard.press("ArrowDown")
    assert page.evaluate(look) == before


def test_hostile_styles_do_not_reach_it(page: Page, served: Served) -> None:
    look = """(one) => { const root = one.shadowRoot;
      return ['input', '.result', '.title', '.meta', '.passage', '.foot a'].map((part) => {
        const style = getComputedStyle(root.querySelector(part));
        return ['fontFamily', 'fontSize', 'letterSpacing', 'lineHeight', 'textTransform', 'textAlign', 'color',
                'display', 'whiteSpace', 'padding', 'backgroundColor', 'borderTopStyle',
                'cursor'].map((name) => `${part} ${name} ${style[name]}`) }) }"""
    looks = []
    for path in ("/widget", "/widget/foreign"):
        page.goto(served.url + path)
        widget = page.locator("resource-search").first
        widget.get_by_role("combobox").press_sequentially("ring")
        expect(widget.get_by_role("option").first).to_be_visible()
        looks.append(widget.evaluate(look))
    assert looks[0] == looks[1]
    expect(page.get_by_role("option").first).to_be_in_viewport()


def test_a_page_gives_it_its_own_colours_and_parts(show: Open, site: Site) -> None:
    css = (
        "resource-search { --resource-search-background: rgb(1, 2, 3) } "
        "resource-search::part(title) { text-transform: uppercase }"
    )
    site.put("/own.css", css, media_type="text/css")
    page = show("<link rel=stylesheet href=/own.css><resource-search endpoint='$service' key='$key'></resource-search>")
    option = ask(page, "ring").first
    assert field(page).evaluate("(one) => getComputedStyle(one).backgroundColor") == "rgb(1, 2, 3)"
    assert option.locator(".title").evaluate("(one) => getComputedStyle(one).textTransform") == "uppercase"


@pytest.mark.parametrize(
    ("given", "preferred", "dark"),
    [
        ("", "dark", False),  # a page that knows of no dark colours is light
        ("<meta name=color-scheme content='light dark'>", "light", False),
        ("<meta name=color-scheme content='light dark'>", "dark", True),
        ("theme=light", "dark", False),
        ("theme=dark", "light", True),
    ],
)
def test_it_is_light_or_dark_and_readable_in_both(show: Open, given: str, preferred: Any, dark: bool) -> None:
    theme, meta = (given, "") if given.startswith("theme") else ("", given)
    page = show(f"{meta}<resource-search {theme} endpoint='$service' key='$key'></resource-search>")
    page.emulate_media(color_scheme=preferred)
    ask(page, "ring")
    page.keyboard.press("ArrowDown")
    assert is_dark(page) == dark
    assert barriers(page) == ""


def is_dark(page: Page) -> bool:
    background = page.locator(".panel").evaluate("(one) => getComputedStyle(one).backgroundColor")
    return bool(background != "rgb(255, 255, 255)")


def test_it_follows_the_page_when_that_turns_dark(show: Open, site: Site) -> None:
    """Many sites have a button for it, which sets a class or an attribute; few say so by `color-scheme`."""
    css = (
        "html { --ink: #222; --ground: #fff } html.dark { --ink: oklch(0.93 0.01 200); --ground: #111 } "
        "body { color: var(--ink); background: var(--ground); transition: color 50ms } "
        "html.dim { color-scheme: dark } html.dim body { color: unset; background: unset }"
    )
    site.put("/dark.css", css, media_type="text/css")
    page = show(
        "<link rel=stylesheet href=/dark.css><resource-search endpoint='$service' key='$key'></resource-search>"
    )
    root = page.locator(".root")
    ask(page, "ring")
    assert not is_dark(page)
    for name, shown in (("dark", "root dark"), ("", "root"), ("dim", "root dark")):
        page.evaluate("(name) => { document.documentElement.className = name; }", name)
        expect(root).to_have_class(shown)
        assert is_dark(page) == (name != "")
    page.locator("resource-search").evaluate("(one) => one.setAttribute('theme', 'light')")
    assert not is_dark(page)


def test_it_fits_a_phone_with_letters_of_twice_the_size(show: Open) -> None:
    page = show("<resource-search endpoint='$service' key='$key'></resource-search>")
    page.set_viewport_size({"width": 320, "height": 500})
    page.evaluate(
        "() => { const sheet = new CSSStyleSheet(); "
        "sheet.replaceSync('resource-search { --resource-search-font: 32px/1.4 sans-serif }'); "
        "document.adoptedStyleSheets = [sheet]; }"
    )
    ask(page, "ring")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    place = page.locator(".panel").bounding_box()
    assert place and place["x"] >= 0 and place["x"] + place["width"] <= 320


def test_it_moves_only_for_those_who_like_it(show: Open) -> None:
    page = show()
    page.route(SEARCH, lambda route: None)
    look = "(one) => getComputedStyle(one, '::after').animationName"
    field(page).press_sequentially("ring")
    busy = page.locator(".busy")
    expect(busy).to_have_count(1)
    assert busy.evaluate(look) == "busy"
    page.emulate_media(reduced_motion="reduce")
    assert busy.evaluate(look) == "none"


# -- without JavaScript, and who may search ---------------------------------------------------------------------------


def test_without_javascript_it_is_a_form(context: BrowserContext, site: Site, served: Served) -> None:
    browser = context.browser
    assert browser
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(f"{served.url}/widget")
    snippet = page.locator("#plain").inner_text()
    page.goto(
        site.put("/plain", f"<!doctype html><title>Plain</title>{snippet}", policy=STRICT.format(service=served.url))
    )
    page.get_by_label("Search the archive").fill("vaginal ring")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url(f"{served.url}/?q=vaginal+ring")
    plain.close()


def test_the_lines_to_copy_work_with_the_fixed_version_too(page: Page, site: Site, served: Served) -> None:
    page.goto(f"{served.url}/widget")
    for name in ("plain", "pinned"):
        page.goto(f"{served.url}/widget")
        snippet = page.locator(f"#{name}").inner_text()
        page.goto(
            site.put(
                "/copied", f"<!doctype html><title>Copied</title>{snippet}", policy=STRICT.format(service=served.url)
            )
        )
        ask(page, "ring")


def test_a_changed_file_is_refused_by_the_browser(page: Page, site: Site, served: Served) -> None:
    page.goto(f"{served.url}/widget")
    snippet = page.locator("#pinned").inner_text().replace("sha384-", "sha384-x")
    with page.expect_console_message(lambda said: "integrity" in said.text):
        page.goto(site.put("/changed", f"<!doctype html><title>Changed</title>{snippet}"))
    expect(page.get_by_label("Search the archive")).to_be_visible()  # the form is still there


@pytest.mark.parametrize("key", ["", "key='wrong'"])
def test_a_page_without_the_key_may_not_search(show: Open, key: str) -> None:
    page = show(f"<resource-search endpoint='$service' {key}></resource-search>")
    with page.expect_console_message(lambda said: "SEARCHSVC_PUBLIC_KEY" in said.text):
        field(page).press_sequentially("ring")
    expect(page.get_by_role("status")).to_have_text("This page may not search here.")


def test_a_site_that_is_not_listed_may_not_search(page: Page, served: Served) -> None:
    other = Site()
    try:
        html = (
            f"<!doctype html><title>Other</title><script type=module src='{served.url}/widget.js'></script>"
            f"<resource-search endpoint='{served.url}' key='{KEY}'></resource-search>"
        )
        page.goto(other.put("/", html))
        told: list[str] = []
        page.on("console", lambda said: told.append(said.text) if "resource-search" in said.text else None)
        field(page).press_sequentially("ring")
        expect(page.get_by_role("status")).to_have_text("This page may not search here.")
        page.get_by_role("button", name="Try again").click()
        expect(page.get_by_role("status")).to_have_text("This page may not search here.")
        assert told == [  # once
            f"<resource-search> {served.url}/: pages of {other.url} may not search here: whoever runs this service "
            "adds that origin to SEARCHSVC_ALLOWED_ORIGINS, or makes a key for it."
        ]
    finally:
        other.close()


def test_no_question_asks_for_permission_first(show: Open) -> None:
    """A preflight for every question would double the time that an answer takes."""
    page = show()
    methods: list[str] = []

    def note(request: Request) -> None:
        if "/v1/search" in request.url:
            methods.append(request.method)

    page.on("request", note)
    ask(page, "ring")
    assert methods == ["GET"]


@pytest.mark.parametrize("path", ["/widget", "/widget/foreign"])
def test_the_pages_that_show_it_have_no_barrier(page: Page, served: Served, path: str) -> None:
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        page.goto(served.url + path)
        expect(field(page)).to_be_visible()
        assert barriers(page) == ""
