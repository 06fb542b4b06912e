"""Reading a page as a browser does, as far as tests ask."""

from html.parser import HTMLParser

import httpx


class _Reading(HTMLParser):
    """What a page is made of."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: dict[str, list[str]] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append(tag)
        for name, value in attrs:
            self.attributes.setdefault(f"{tag}.{name}", []).append(value or "")


def read(page: httpx.Response) -> _Reading:
    """Return the tags of a page in order, and its attributes as `tag.name`."""
    reading = _Reading()
    reading.feed(page.text)
    return reading
