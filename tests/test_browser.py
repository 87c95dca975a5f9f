"""The pages in a real browser, headless Chromium, over a real server."""

from __future__ import annotations

import re
import shutil
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from changing_news import build
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect, sync_playwright
from waitress.server import create_server

from web import create_app

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
ENTITY_FACETS = ("person", "place", "organisation")

expect.set_options(timeout=15_000)  # a busy machine is not a broken page

pytestmark = pytest.mark.skipif(
    CHROMIUM is None, reason="no Chromium on this machine: apt-get install chromium"
)


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The address of a server with the application."""
    with served(app) as address:
        yield address


@contextmanager
def served(app: Flask) -> Iterator[str]:
    """A server with an application, by its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = create_server(app, sockets=[listening], threads=4)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.close()
        thread.join(timeout=10)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=list(ARGUMENTS))
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser, address: str) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=address, viewport={"width": 1280, "height": 900})
    context.set_default_timeout(10_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page whose console has to stay silent: no script error, no violated policy."""
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    assert complaints == []


def total(page: Page) -> int:
    return number(page.locator("#total"))


def number(found: Locator) -> int:
    digits = re.search(r"[\d,]+", found.inner_text())
    assert digits
    return int(digits[0].replace(",", ""))


def facet_value(page: Page, facet: str, value: str) -> Locator:
    return page.locator(f'[data-facet="{facet}"] label').filter(has_text=value).first


def test_searching_by_typing(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#q")).to_be_focused()
    page.keyboard.type("kursk troops/2")
    expect(page.locator("#q")).to_have_value("kursk troops/2")
    page.locator("#q").fill("kursk troops")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=kursk\+troops$"))
    expect(page.locator(".hit mark").first).to_be_visible()
    expect(page).to_have_title(re.compile("kursk troops"))


def test_a_facet_yields_what_it_counts_keeps_focus_and_says_so(page: Page) -> None:
    page.goto("/?q=president")
    for facet in ENTITY_FACETS:
        label = page.locator(f'[data-facet="{facet}"] label').nth(1)
        promised = number(label.locator(".count"))
        name = label.locator(".name").inner_text()
        box = label.locator("input")
        box.focus()
        page.keyboard.press("Space")
        expect(page.locator(".chip")).to_have_count(1)
        assert total(page) == promised
        expect(facet_value(page, facet, name).locator("input")).to_be_focused()
        expect(facet_value(page, facet, name).locator("input")).to_be_checked()
        expect(page.get_by_role("status")).to_have_text(
            re.compile(rf"^{promised} articles? found$")
        )
        page.keyboard.press("Space")
        expect(page.locator(".chip")).to_have_count(0)


def test_chips_and_the_back_button(page: Page) -> None:
    page.goto("/?q=president")
    before = total(page)
    label = page.locator('[data-facet="person"] label').first
    name = label.locator(".name").inner_text()
    label.click()
    chip = page.get_by_role("link", name=f"Remove filter: person {name}")
    expect(chip).to_be_visible()
    after = total(page)
    page.go_back()
    expect(chip).to_have_count(0)
    assert total(page) == before
    page.go_forward()
    expect(chip).to_be_visible()
    assert total(page) == after
    chip.click()
    expect(chip).to_have_count(0)
    assert total(page) == before
    expect(page).to_have_url(re.compile(r"\?q=president$"))


def test_back_from_an_article_is_where_one_was(page: Page) -> None:
    page.goto("/?q=president")
    page.locator('[data-facet="place"] label').first.click()
    expect(page.locator(".chip")).to_have_count(1)
    there = page.url
    page.locator(".hit h3 a").first.click()
    expect(page.locator(".story h1")).to_be_visible()
    page.go_back()
    expect(page.locator(".chip")).to_have_count(1)
    assert page.url == there


def test_excluding_and_the_bars(page: Page) -> None:
    page.goto("/?q=president")
    row = page.locator('[data-facet="place"] li').first
    excluded = number(row.locator(".count"))
    before = total(page)
    row.hover()
    row.locator(".exclude").click()
    expect(page.locator(".chip")).to_have_count(1)
    assert total(page) == before - excluded
    expect(page.locator('[data-facet="place"] .excluded input')).to_be_focused()
    heights = page.locator(".histogram rect.count").evaluate_all(
        "bars => bars.map(bar => Number(bar.getAttribute('height')))"
    )
    bar = page.locator(".histogram a.bar").nth(heights.index(max(heights)))
    bar.click()
    expect(page.locator(".chip")).to_have_count(2)
    assert 0 < total(page) < before - excluded


def test_finding_inside_a_facet_while_typing(page: Page) -> None:
    page.goto("/?q=the")
    find = page.get_by_label("Find in people")
    find.click()
    page.keyboard.type("put", delay=30)
    expect(facet_value(page, "person", "Vladimir Putin")).to_be_visible()
    expect(page.locator('[data-facet="person"] li').first).to_contain_text("Put")
    expect(page.get_by_label("Find in people")).to_be_focused()
    expect(page.get_by_label("Find in people")).to_have_value("put")
    expect(page).to_have_url(re.compile(r"find\.person=put$"))


def test_completion_is_a_combobox(page: Page) -> None:
    page.goto("/")
    box = page.get_by_role("combobox", name="Search the archive")
    box.click()
    page.keyboard.type("vladimir pu", delay=20)
    options = page.get_by_role("option")
    expect(options.first).to_be_visible()
    expect(box).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    active = box.get_attribute("aria-activedescendant")
    assert options.first.get_attribute("id") == active
    page.keyboard.press("Escape")
    expect(box).to_have_attribute("aria-expanded", "false")
    page.keyboard.type("t")
    expect(options.first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(box).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#total")).to_have_text(re.compile(r"^\d+ articles?$"))
    assert total(page) > 0


def test_everything_works_without_javascript(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, java_script_enabled=False)
    page = context.new_page()
    page.goto("/")
    page.locator("#q").fill("president")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"\?q=president$"))
    label = page.locator('[data-facet="person"] label').first
    promised = number(label.locator(".count"))
    label.click()
    page.get_by_role("button", name="Apply filters").click()
    expect(page.locator(".chip")).to_have_count(1)
    assert total(page) == promised
    page.locator(".chip").click()
    expect(page.locator(".chip")).to_have_count(0)
    page.locator('input[name="from"]').fill("2024-01-01")
    page.get_by_role("button", name="Set dates").click()
    expect(page.locator(".chip")).to_have_text(re.compile("since 1 January 2024"))
    page.get_by_text("as a table").click()
    expect(page.locator(".histogram tbody tr").first).to_be_visible()
    page.locator(".hit h3 a").first.click()
    expect(page.locator(".story .entity").first).to_be_visible()
    context.close()


@pytest.mark.parametrize(
    "path",
    ["/", "/?q=president&person=Joe+Biden&not.place=China", "/?q=xyzzy&person=Joe+Biden", "/?a=b"],
)
def test_on_a_phone_nothing_is_wider_than_the_screen(
    browser: Browser, address: str, path: str
) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(path)
    filters = page.locator("details.filters > summary")
    if filters.count():
        expect(page.locator(".facet").first).to_be_hidden()
        filters.click()
        expect(page.locator(".facet").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    if page.locator(".hit h3 a").count():
        page.locator(".hit h3 a").first.click()
        expect(page.locator(".story h1")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
    context.close()


def test_filters_stay_open_on_a_phone_while_they_are_used(browser: Browser, address: str) -> None:
    context = browser.new_context(base_url=address, viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto("/?q=president")
    page.locator("details.filters > summary").click()
    page.locator('[data-facet="person"] label').first.click()
    expect(page.locator(".badge")).to_have_text("1")
    expect(page.locator(".facet").first).to_be_visible()
    context.close()


def test_turning_pages_by_keyboard_starts_at_the_top(page: Page) -> None:
    page.goto("/?q=the")
    page.get_by_role("link", name="Next").focus()
    page.keyboard.press("Enter")
    expect(page.locator('.pages [aria-current="page"]')).to_have_text("2")
    expect(page.locator("#main")).to_be_focused()
    assert page.evaluate("window.scrollY") == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_background(browser: Browser, address: str, scheme: str) -> None:
    context = browser.new_context(base_url=address, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for path in ("/?q=president+kursk&match=any&person=Joe+Biden&not.place=China", "/?q=xyzzy"):
        page.goto(path)
        faint = page.evaluate(CONTRAST)
        assert faint == [], faint
    page.goto("/?q=kursk")
    page.locator(".hit h3 a").first.click()
    expect(page.locator(".story h1")).to_be_visible()
    assert page.evaluate(CONTRAST) == []
    context.close()


CONTRAST = """() => {
  // WCAG 2.2: contrast of every visible text with the nearest opaque background, at least 4.5.
  const parse = (color) => color.match(/[\\d.]+/g).map(Number);
  const channel = (c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) =>
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const background = (element) => {
    for (let e = element; e; e = e.parentElement) {
      const color = parse(getComputedStyle(e).backgroundColor);
      if (color.length < 4 || color[3] === 1) return color;
    }
    return [255, 255, 255];
  };
  const faint = new Set();
  for (const element of document.querySelectorAll("body *")) {
    const text = [...element.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
    if (!text || !element.checkVisibility({ opacityProperty: true })) continue;
    const [one, two] = [parse(getComputedStyle(element).color), background(element)].map(luminance);
    const ratio = (Math.max(one, two) + 0.05) / (Math.min(one, two) + 0.05);
    if (ratio < 4.5) faint.add(`${element.tagName}.${element.className} ${ratio.toFixed(2)}`);
  }
  return [...faint];
}"""


@pytest.mark.parametrize("width", [1280, 390])
def test_what_changed_in_an_article(page: Page, tmp_path: Path, width: int) -> None:
    folder = build(tmp_path)
    page.set_viewport_size({"width": width, "height": 900})
    with served(create_app({"archive": str(folder.path), "engine": "native"})) as address:
        page.goto(f"{address}/?q=removed%3Asabotage")
        expect(page.locator(".lost mark")).to_have_text("Sabotage")
        page.get_by_role("link", name="Minister stays").click()
        page.get_by_role("link", name="Changed 2 times since").click()
        page.locator("#history ~ ol a").nth(1).click()
        expect(page.get_by_text("Version 2 of 3")).to_be_visible()
        edited = page.locator(".compared .changed")
        for tag, line, label in (("ins", "underline", "+"), ("del", "line-through", "−")):
            mark = page.locator(f".compared {tag}").first
            assert line in mark.evaluate("mark => getComputedStyle(mark).textDecorationLine")
            kind = {"+": "added", "−": "removed"}[label]
            sign = page.locator(f".compared .{kind}").first
            assert label in sign.evaluate("p => getComputedStyle(p, '::before').content")
        expect(edited).to_have_count(1)
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(beyond) == 0
        page.get_by_role("link", name="Version 3 →").click()
        expect(page.locator("h1 ins")).to_contain_text("stays")
