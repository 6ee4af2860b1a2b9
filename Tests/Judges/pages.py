"""Walks through the status page as a person does, in a browser without scripts, and judges each page it meets.

    python pages.py URL --chromium PATH --arabic-id ID [--pictures FOLDER]

Prints what is wrong, one line each, and ends with 1; prints what it did and ends with 0 where nothing is.
"""

import argparse
import sys
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

# Runs in the browser, not in the page: the pages themselves have no script and may run none.
CHECKS = """() => {
  const wrong = [];
  const say = (text, node) => wrong.push(text + (node ? ': ' + node.outerHTML.slice(0, 120) : ''));
  const all = selector => [...document.querySelectorAll(selector)];
  const text = node => (node.innerText || node.textContent || '').trim();
  const named = node => {
    const label = node.getAttribute('aria-label');
    if (label) return label;
    const by = node.getAttribute('aria-labelledby');
    if (by) return by.split(' ').map(id => document.getElementById(id)).filter(Boolean).map(n => n.textContent.trim()).join(' ');
    return '';
  };
  if (!document.title.trim()) say('no title');
  if (document.documentElement.lang !== 'en') say('no language');
  for (const [selector, many] of [['main', 1], ['h1', 1], ['body > header', 1], ['body > footer', 1], ['nav', 1]])
    if (all(selector).length !== many) say(all(selector).length + ' × ' + selector);
  let level = 0;
  for (const heading of all('h1,h2,h3,h4')) {
    const now = +heading.tagName[1];
    if (now > level + 1) say('a heading skips a level', heading);
    if (!text(heading)) say('an empty heading', heading);
    level = now;
  }
  for (const picture of all('svg,img')) if (!named(picture) && !picture.alt) say('a picture without a name', picture);
  for (const input of all('input,select,textarea')) if (!(input.labels && input.labels.length) && !named(input)) say('an input without a label', input);
  for (const link of all('a,button')) if (!text(link) && !named(link)) say('a link without words', link);
  for (const table of all('table')) {
    for (const head of table.querySelectorAll('th')) if (!head.scope) say('a head of a table without scope', head);
    if (!table.querySelector('th[scope=col],th[scope=row]')) say('a table without heads', table);
  }
  for (const scrolling of all('.wide')) if (scrolling.scrollWidth > scrolling.clientWidth && scrolling.tabIndex < 0) say('scrolls and cannot be reached by keyboard', scrolling);
  const ids = all('[id]').map(n => n.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) say('an id twice: ' + id);
  for (const node of all('[aria-labelledby]')) for (const id of node.getAttribute('aria-labelledby').split(' ')) if (!document.getElementById(id)) say('names a missing id', node);
  if (document.documentElement.scrollWidth > window.innerWidth) {
    const widest = all('body *').filter(n => n.getBoundingClientRect().right > window.innerWidth + 1 && !n.closest('.wide'));
    say('scrolls sideways: ' + document.documentElement.scrollWidth + ' > ' + window.innerWidth, widest[0]);
  }
  for (const node of all('main *')) {
    if ([...node.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && !node.closest('svg') && parseFloat(getComputedStyle(node).fontSize) < 12) say('too small to read', node);
  }
  if (getComputedStyle(document.body).margin !== '0px') say('the style sheet does not apply');
  for (const forbidden of all('script,iframe,object,embed,link,[style],img')) say('must not be here', forbidden);
  return wrong;
}"""

# What the keyboard has to reach, in its order.
REACHABLE = """() => [...document.querySelectorAll('a[href],button,input,summary,[tabindex="0"]')]
  .filter(n => n.checkVisibility({contentVisibilityAuto: true}) && !n.closest('details:not([open]) > :not(summary)'))
  .map(n => [[...document.querySelectorAll('*')].indexOf(n), n.outerHTML.slice(0, 90)])"""

FOCUSED = """() => { const n = document.activeElement, s = getComputedStyle(n);
  return [[...document.querySelectorAll('*')].indexOf(n), n.outerHTML.slice(0, 90), s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) >= 2, n.getBoundingClientRect().left >= 0]; }"""


class Walk:
    def __init__(self, page, name, pictures, problems):
        self.page, self.name, self.pictures, self.problems = page, name, pictures, problems
        self.seen = 0
        page.on("console", lambda message: self.wrong(f"the console says: {message.text}") if message.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.wrong(f"an error in the page: {error}"))

    def wrong(self, text):
        self.problems.append(f"{self.name} {self.page.url}: {text}")

    def judge(self, key):
        self.seen += 1
        for text in self.page.evaluate(CHECKS):
            self.wrong(text)
        if self.pictures:
            self.page.screenshot(path=f"{self.pictures}/{self.name}-{key}.png", full_page=True)

    def follow(self, press):
        """Presses what leads to another page, and waits until that is there."""
        with self.page.expect_navigation():
            press()

    def expect(self, condition, text):
        if not condition:
            self.wrong(text)

    def keyboard(self):
        # The order of the keys is that of the page, whatever its width.
        if self.name != "desk":
            return
        wanted = self.page.evaluate(REACHABLE)
        # From the top, as after loading the page.
        self.page.goto(self.page.url)
        for place, (number, node) in enumerate(wanted):
            self.page.keyboard.press("Tab")
            focused, words, is_marked, is_on_screen = self.page.evaluate(FOCUSED)
            if focused != number:
                return self.wrong(f"Tab {place + 1} reaches {words} and not {node}")
            self.expect(is_marked, f"no visible focus: {words}")
            self.expect(is_on_screen, f"focus beside the screen: {words}")


def walk(walk, base, arabic_id):
    page = walk.page
    page.goto(base + "/")
    walk.judge("overview")
    walk.keyboard()
    # The link for who cannot see: it comes first, shows itself, and leads behind the navigation.
    page.goto(base + "/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    walk.expect(page.url.endswith("#main"), "the first link does not skip to the content")

    page.goto(base + "/")
    walk.follow(page.locator("table.runs tbody a").first.click)
    walk.expect("/runs/" in page.url, "a run does not lead to its page")
    walk.judge("run")
    walk.keyboard()
    page.locator("summary").first.click()
    walk.expect(page.locator("details[open] dl").first.is_visible(), "the whole row does not open")
    walk.follow(page.locator(".examples a[href^='/products']").first.click)
    walk.expect("What happened to it" in page.content(), "a product of the report does not lead to its history")
    walk.judge("product")
    page.go_back()
    walk.expect("/runs/" in page.url, "the way back leads elsewhere")
    walk.follow(page.get_by_role("link", name="Overview").click)
    walk.expect(urlsplit(page.url).path == "/", "the overview is not reached")

    walk.follow(page.locator("ol.mend a").first.click)
    walk.expect(page.locator("table.products tbody tr").count() == 50, "not 50 products on the first page")
    walk.judge("remedy")
    walk.follow(page.get_by_role("link", name="More", exact=True).first.click)
    walk.expect(page.locator("table.products tbody tr").count() == 50, "not 50 products on the second page")

    walk.follow(page.get_by_role("link", name="Products", exact=True).click)
    walk.judge("products")
    walk.keyboard()
    page.get_by_label("What became of a product").fill(arabic_id)
    walk.follow(lambda: page.keyboard.press("Enter"))
    walk.expect(page.locator("h1 bdi").inner_text() == arabic_id, "an Arabic id is not found as it was typed")
    walk.judge("arabic")
    page.get_by_label("What became of a product").fill("no such + product & <b>")
    walk.follow(page.get_by_role("button", name="Search").click)
    walk.expect("There are none." in page.content(), "a search in vain does not say so")
    walk.judge("nothing")
    page.get_by_label("What became of a product").fill("SKU-B")
    walk.follow(page.get_by_role("button", name="Search").click)
    walk.expect(page.locator("table.products tbody tr").count() > 0, "a part of an id finds nothing")

    walk.follow(page.get_by_role("link", name="Runs").click)
    walk.judge("runs")
    page.goto(base + "/runs/nowhere")
    walk.problems[:] = [text for text in walk.problems if "404" not in text]
    walk.judge("nowhere")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("url")
    arguments.add_argument("--chromium", required=True)
    arguments.add_argument("--arabic-id", required=True)
    arguments.add_argument("--pictures")
    given = arguments.parse_args()
    problems, seen = [], 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=given.chromium, args=["--no-sandbox"])
        for name, width, height, scheme in (("phone", 360, 740, "light"), ("desk", 1280, 900, "dark")):
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, java_script_enabled=False, reduced_motion="reduce")
            context.set_default_timeout(10_000)
            walked = Walk(context.new_page(), name, given.pictures, problems)
            walk(walked, given.url.rstrip("/"), given.arabic_id)
            seen += walked.seen
            context.close()
        browser.close()
    print("\n".join(dict.fromkeys(problems)) or f"{seen} pages looked at")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
