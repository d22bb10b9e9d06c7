"""Somebody with a browser that writes down what could show a value to others."""

from typing import Any

from tests.accounts.people import Answer, Person
from tests.canaries.search import Place


class Visitor(Person):
    """Somebody with a browser that writes down where it is led, which cookies it gets, and what errors look like."""

    def __init__(self, notebook: list[Place], *, keeps_pages: bool = False, **client: Any) -> None:
        super().__init__(**client)
        self.notebook, self.keeps_pages = notebook, keeps_pages
        self.request = self.client.request
        self.client.request = self.listen  # type: ignore[method-assign] # every answer passes here

    def listen(self, **environ: Any) -> Answer:
        """Ask, and write down the answer."""
        answer: Any = self.request(**environ)
        at = environ["PATH_INFO"]
        self.notebook.append((f"address after {at}", answer.get("Location", "").encode()))
        self.notebook += [(f"cookie of {at}", morsel.value.encode()) for morsel in answer.cookies.values()]
        if self.keeps_pages or answer.status_code >= 400:
            self.notebook.append((f"page {at}", answer.content))
        return answer
