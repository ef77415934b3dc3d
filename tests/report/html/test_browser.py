"""The page in a headless browser: from disk, offline, by mouse, keyboard and phone."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from selenium.webdriver import Chrome, ChromeOptions
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from tests.report.html.page import FINDINGS, page, summary_of

pytestmark = pytest.mark.browser

FLAGS = (
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)

# The contrast of every text with what is painted behind it, as WCAG computes it; the least, and of what.
CONTRAST = """
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const rgba = (color) => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data];
};
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
  .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
  .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
const over = (top, below) => below.map((c, i) => top[i] * top[3] / 255 + c * (1 - top[3] / 255));
const behind = (node) => {
  const layers = [];
  for (let at = node; at; at = at.parentElement) layers.unshift(rgba(getComputedStyle(at).backgroundColor));
  return layers.reduce((below, top) => over(top, below), [255, 255, 255]);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let worst = [99, ""], seen = 0;
while (texts.nextNode()) {
  const node = texts.currentNode.parentElement;
  if (!texts.currentNode.data.trim() || node.closest("script, option") || !node.checkVisibility()) continue;
  const style = getComputedStyle(node);
  if (style.opacity === "0") continue;  // a label of a chart that would overlap another
  const ink = rgba(node.closest("svg") ? style.fill : style.color);
  ink[3] *= style.opacity;
  const below = behind(node), top = over(ink, below);
  const [a, b] = [light(top), light(below)].sort((x, y) => y - x);
  seen += 1;
  if ((a + 0.05) / (b + 0.05) < worst[0]) worst = [(a + 0.05) / (b + 0.05), texts.currentNode.data];
}
return [...worst, seen];
"""


def log(browser: Chrome, name: str) -> list[dict[str, Any]]:
    """Entries of a browser log since the last call."""
    entries: list[dict[str, Any]] = browser.get_log(name)  # type: ignore[no-untyped-call]
    return entries


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """Chromium, logging its console and network.

    Without it the tests are skipped, or fail if ``BROWSER_TESTS`` is ``required``, as in the gate.
    """
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        give_up = pytest.fail if os.environ.get("BROWSER_TESTS") == "required" else pytest.skip
        give_up("chromium and chromedriver are not installed (Debian: chromium, chromium-driver)")
    options = ChromeOptions()
    options.binary_location = chromium
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    started = Chrome(options=options, service=Service(driver))
    try:
        yield started
    finally:
        started.quit()


@pytest.fixture
def opened(browser: Chrome, tmp_path: Path) -> Chrome:
    """The page, opened from disk, and the log since then."""
    file = tmp_path / "report.html"
    file.write_text(page(FINDINGS, summary_of(FINDINGS)), encoding="utf-8")
    browser.get("about:blank")
    log(browser, "browser")
    log(browser, "performance")
    browser.get(file.as_uri())
    return browser


def run(browser: Chrome, script: str) -> Any:
    """Result of a script."""
    return browser.execute_script(script)


def visible(browser: Chrome) -> list[str]:
    """Messages of the visible findings."""
    nodes = browser.find_elements(By.CSS_SELECTOR, ".finding")
    return [node.find_element(By.CLASS_NAME, "message").text for node in nodes if node.is_displayed()]


def test_the_console_is_clean_and_nothing_is_fetched(opened: Chrome) -> None:
    """The page requests nothing but its own file."""
    assert log(opened, "browser") == []
    asked = [e["message"] for e in log(opened, "performance") if "Network.requestWillBeSent" in e["message"]]
    assert len(asked) == 1
    assert "report.html" in asked[0]
    assert run(opened, "return performance.getEntriesByType('resource').length") == 0


def test_planted_markup_does_nothing(opened: Chrome) -> None:
    """Searching and copying markup does not execute it."""
    opened.find_element(By.NAME, "text").send_keys("script")
    for button in opened.find_elements(By.CLASS_NAME, "copy"):
        if button.is_displayed():
            button.click()
    assert run(opened, "return window.hacked === undefined") is True
    assert run(opened, "return document.scripts.length") == 1


def test_the_policy_stops_a_script_that_is_not_ours(opened: Chrome) -> None:
    """An injected script would not run."""
    run(
        opened,
        "const s = document.createElement('script'); s.textContent = 'window.hacked = 1';"
        "document.body.append(s)",
    )
    assert run(opened, "return window.hacked === undefined") is True


def test_filters(opened: Chrome) -> None:
    """Filters by rule, venue, severity and text work alone and combined."""
    overfilled, rounded = "filled 2 of 1", "ends in zeros"
    assert len(visible(opened)) == 4
    Select(opened.find_element(By.NAME, "rule")).select_by_value("CN301")
    assert visible(opened) == [rounded, rounded]
    Select(opened.find_element(By.NAME, "venue")).select_by_value("bybit")
    assert visible(opened) == [rounded]
    opened.find_element(By.CSS_SELECTOR, "[value=warning]").click()
    assert visible(opened) == []
    assert opened.find_element(By.ID, "none").is_displayed()
    opened.find_element(By.CSS_SELECTOR, "[type=reset]").click()
    WebDriverWait(opened, 10).until(lambda page: len(visible(page)) == 4)  # the page filters behind the event
    opened.find_element(By.NAME, "text").send_keys("4711 BINANCE")
    assert visible(opened) == [overfilled]
    assert opened.find_element(By.ID, "count").text == "1 of 4 shown"
    Select(opened.find_element(By.NAME, "rule")).select_by_index(3)
    assert visible(opened) == []


def test_both_themes_have_contrast(opened: Chrome) -> None:
    """Every text has a contrast of at least 4.5."""
    pages = []
    for _ in range(2):
        least, text, seen = run(opened, CONTRAST)
        assert seen > 100
        assert least >= 4.5, text
        pages.append(run(opened, "return getComputedStyle(document.body).backgroundColor"))
        opened.find_element(By.ID, "theme").click()
    assert pages[0] != pages[1]


def test_the_theme_follows_the_system(opened: Chrome) -> None:
    """The page follows the system's colour scheme until the button is clicked."""
    pages = []
    for scheme in ("light", "dark"):
        media = {"features": [{"name": "prefers-color-scheme", "value": scheme}]}
        opened.execute_cdp_cmd("Emulation.setEmulatedMedia", media)
        pages.append(run(opened, "return getComputedStyle(document.body).backgroundColor"))
    opened.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert pages[0] != pages[1]


def test_a_phone_needs_no_scrolling_sideways(opened: Chrome) -> None:
    """At 360 pixels the page is as wide as the screen."""
    size = {"width": 360, "height": 700, "deviceScaleFactor": 2, "mobile": True}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    assert run(opened, "return document.documentElement.scrollWidth") <= 360
    assert opened.find_element(By.CSS_SELECTOR, ".narrow svg").is_displayed()
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_every_control_has_a_name_and_every_table_headers(opened: Chrome) -> None:
    """Each element has a name for screen readers."""
    for node in opened.find_elements(By.CSS_SELECTOR, "button, input, select"):
        assert not node.is_displayed() or node.accessible_name
    unnamed = "return document.querySelectorAll('table:not(:has(th[scope=col]))').length"
    assert run(opened, unnamed) == 0


def test_sections_fold(opened: Chrome) -> None:
    """A click on a heading hides its section, and a link from the table of rules opens it again."""
    heading = opened.find_element(By.ID, "h-findings")
    heading.click()
    assert visible(opened) == []
    opened.find_element(By.CSS_SELECTOR, "[data-jump]").click()
    assert len(visible(opened)) == 4


def test_all_outcomes_of_a_venue_are_on_a_phone(opened: Chrome) -> None:
    """They are listed below the venue, so none is beyond the edge."""
    size = {"width": 390, "height": 700, "deviceScaleFactor": 2, "mobile": True}
    opened.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    cells = opened.find_elements(By.CSS_SELECTOR, "#h-events, .outcomes td:not(.nil)")
    assert len(cells) > 12
    assert all(cell.rect["x"] + cell.rect["width"] <= 390 for cell in cells)
    opened.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
