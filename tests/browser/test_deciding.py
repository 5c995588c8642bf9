"""One key for each decision and each grade, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.cli.conftest import Program, until

FILES = {
    "a.md": "---\ntitle: Untitled\nauthor: Ann Bo\ndate: 2024-01-02\n---\nThe ring was worn in Kisumu.\n",
    "b.md": "---\ntitle: The gel study of Nairobi\nauthor: Windows User\ndate: 2024-01-02\n---\nThe gel was used.\n",
    "c.md": "---\ntitle: The film of Durban\nauthor: Cy Dee\n---\nThe film dissolved in the heat.\n",
}


@pytest.fixture(scope="module")
def service(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with Program(tmp_path_factory.mktemp("deciding") / "home").served() as served:
        with httpx.Client(base_url=served.url, trust_env=False, timeout=300) as client:
            files = [("file", (name, text.encode())) for name, text in FILES.items()]
            assert client.post("/v1/resources", files=files).status_code == 202
            until(lambda: client.get("/v1/status").json()["jobs"] == {"indexed": len(FILES)})
            assert client.post("/v1/judging/queries", json={"queries": ["ring", "gel"]}).status_code == 200
        yield served.url


def pressed(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def test_a_work_list_is_worked_through_with_keys_alone(page: Page, service: str) -> None:
    page.goto(f"{service}/curate")
    tasks = page.locator("[data-task]")
    count = tasks.count()
    assert count >= 3
    expect(tasks.first).to_have_class("hit task current")
    page.keyboard.press("j")
    expect(tasks.nth(1)).to_be_focused()
    page.keyboard.press("k")
    expect(tasks.first).to_be_focused()

    page.keyboard.press("c")  # into the field, where letters are letters
    page.keyboard.type("a zebra later")
    page.keyboard.press("Escape")
    expect(tasks.first).to_be_focused()
    page.keyboard.press("c")
    page.keyboard.type("Rings of Kisumu")
    pressed(page, "Enter")
    expect(page.locator(".log li").first).to_contain_text("Rings of Kisumu")
    expect(tasks).to_have_count(count - 1)

    pressed(page, "l")
    expect(tasks).to_have_count(count - 2)
    pressed(page, "u")
    expect(tasks).to_have_count(count - 1)
    pressed(page, "u")
    expect(tasks).to_have_count(count)


def test_results_are_graded_with_keys_and_every_query_begins_at_its_first(page: Page, service: str) -> None:
    page.goto(f"{service}/judge?by=Cara")
    tasks, asked = page.locator("[data-task]"), page.locator(".asked")
    expect(asked).to_have_text("ring")
    pressed(page, "2")
    expect(tasks.first.locator('[value="yes"]')).to_have_attribute("aria-pressed", "true")
    expect(tasks.nth(1)).to_have_class("hit task current")
    pressed(page, "p")  # the letter of the word does, too
    expect(tasks.nth(1).locator('[value="partly"]')).to_have_attribute("aria-pressed", "true")
    pressed(page, "u")
    expect(tasks.nth(1).locator('[value="partly"]')).to_have_attribute("aria-pressed", "false")
    expect(tasks.nth(1)).to_have_class("hit task current")
    pressed(page, "r")
    expect(asked).to_have_text("gel")
    expect(tasks.first).to_have_class("hit task current")
    pressed(page, "r")
    expect(page.get_by_text("All is graded. Thank you.")).to_be_visible()
    pressed(page, "u")
    expect(asked).to_have_text("gel")
