"""Make plain, publishable text of what a cell holds: no markup, no contact data, no stray blanks."""

import html
import re
import unicodedata
from html.parser import HTMLParser

_TAG = re.compile(r"<[a-zA-Z/!][^<]*>|<br\b")
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,30});")
_HIDDEN = frozenset({"script", "style", "head", "title", "template", "noscript", "iframe", "object", "svg"})
_BREAKS = frozenset(
    {"br", "p", "div", "tr", "table", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "section", "hr"}
)
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_URL = re.compile(r"\b(?:https?://|www\.)[^\s<>\"'«»“”]+", re.IGNORECASE)
_WEB = re.compile(r"https?://[^\s<>\"'/]+\.[^\s<>\"']+", re.IGNORECASE)
_EMAIL = re.compile(r"(?:mailto:)?[\w.+%'-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+")
# A North American number with its area code, or any number written with its country code.
_PHONE = re.compile(
    r"(?<![\w/.=-])(?:\+?1[\s.-]{0,2})?(?:\(\d{3}\)[\s.-]{0,2}|\d{3}[.-]|\d{3} (?=\d{3}[-.]))\d{3}[\s.-]{0,2}\d{4}(?![\w/-])"
    r"|(?<![\w/.=-])\+\d{1,3}(?:[\s.-]\d{2,4}){2,5}(?![\w/-])"
)
_TITLE_CLOSERS = ".,;:!?)]}»”'\""
_LONGEST_URL = 2_000
_ESCAPED_QUOTED = re.compile(r'\\([^\\"\n]{1,120})\\"')
_INCHES = re.compile(r'(\d)\\(?=[\s"])"?')


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []
        self._links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag == "li":
            self.parts.append("\n• ")
        elif tag in _BREAKS:
            self.parts.append("\n" if tag == "br" else "\n\n")
        elif tag == "a":
            link = next((value for name, value in attrs if name == "href" and value), "")
            self._links.append(link)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _HIDDEN:
            self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag == "a" and self._links:
            link = self._links.pop()
            if _WEB.match(link) and link not in "".join(self.parts[-2:]):
                self.parts.append(f" ({link})")
        elif tag in _BREAKS and tag != "br":
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)


def _without_markup(text: str) -> str:
    if "<" in text and _TAG.search(text):
        reader = _Text()
        reader.feed(text)
        reader.close()
        text = "".join(reader.parts)
    # Some programs escape twice, so that &amp;nbsp; arrives.
    for _ in range(2):
        if _ENTITY.search(text) is None:
            break
        text = html.unescape(text)
    return text


def plain_text(cell: str) -> str:
    """Give the words of a cell: markup and control characters gone, entities resolved, at most one blank line in a row.

    Addresses of links are kept in brackets behind their text; scripts and styles are dropped with their content.
    """
    text = _without_markup(cell)
    if "\\" in text:
        # A quote escaped with a backslash lost one of its two marks on the way: \game plan\" was "game plan".
        text = _ESCAPED_QUOTED.sub(r'"\1"', text)
        text = _INCHES.sub(r'\1"', text).replace('\\"', '"').replace("\\'", "'").replace("\\n", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).replace("\xa0", " ")
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    text = _CONTROLS.sub("", text)
    lines = (" ".join(line.split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(cell: str) -> str:
    """Give the words of a short cell on one line."""
    return " ".join(plain_text(cell).split())


def without_contacts(text: str) -> tuple[str, bool]:
    """Take telephone numbers and e-mail addresses out of a public text; tell whether there were any."""
    cleaned = text
    if "@" in cleaned:
        cleaned = _EMAIL.sub("[…]", cleaned)
    cleaned = _PHONE.sub("[…]", cleaned)
    return cleaned, cleaned != text


def first_url(text: str) -> str | None:
    """Give the first web address in a text, or None."""
    if "www." not in text.lower() and "://" not in text:
        return None
    found = _URL.search(text)
    return web_address(found.group()) if found else None


def web_address(value: str) -> str | None:
    """Give an http(s) address as it may be published, or None; a bare `www.` or host name gets `https://`."""
    address = value.strip().rstrip(_TITLE_CLOSERS)
    if "@" in address.split("?")[0] or len(address) > _LONGEST_URL or re.search(r"\s", address):
        return None
    if "://" not in address and re.fullmatch(r"[\w-]+(\.[\w-]+)+([/?#:].*)?", address):
        address = f"https://{address}"
    return address if _WEB.fullmatch(address) else None
