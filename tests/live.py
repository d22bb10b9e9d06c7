"""A person at a browser: a page of the running site, and what a test asks of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

LISTEN = """
document.addEventListener("securitypolicyviolation", event => console.error(
    `CSP ${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`))
"""


@dataclass
class Live:
    """One browser context on the site. `page` is Playwright's; `violations` are the policy rules broken so far."""

    page: Page
    url: str
    violations: list[str] = field(default_factory=list)
    injecting: bool = False

    @classmethod
    @contextmanager
    def on(cls, browser: Browser, url: str, **context: object) -> Iterator["Live"]:
        """Open a context on the site; `context` holds Playwright's options, such as `locale` or `color_scheme`."""
        with browser.new_context(base_url=url, **{"locale": "en-GB", **context}) as opened:  # type: ignore[arg-type]  # options by name
            opened.set_default_timeout(10_000)
            page = opened.new_page()
            page.add_init_script(LISTEN)
            live = cls(page, url)
            page.on("console", lambda message: live._hear(message.text))
            yield live

    def _hear(self, text: str) -> None:
        if text.startswith("CSP ") and not self.injecting:
            self.violations.append(text)

    def open(self, path: str) -> Page:
        """Go to a path of the site."""
        self.page.goto(path)
        return self.page

    def check_access(self) -> None:
        """Assert that axe finds nothing on the page as it is now. Its own injection isn't held against the policy."""
        self.injecting = True
        found = Axe().run(self.page)
        self.injecting = False
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
