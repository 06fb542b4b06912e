"""Letters: turns one source per name and language into the subject, text part and HTML part of a mail."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template, pass_context, select_autoescape
from jinja2.runtime import Context

_WEB_ADDRESS = re.compile(r"https?://[!#-;=?-~]+")
# Control characters, marks that reverse the reading direction, and halves of characters.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")

Kind = Literal["paragraph", "list", "link"]


@dataclass(frozen=True, slots=True)
class Block:
    """One piece of a letter as the layouts see it: `lines` has one entry but for lists, `url` only links."""

    kind: Kind
    lines: tuple[str, ...]
    url: str = ""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A letter ready to be sent."""

    subject: str
    text: str
    html: str


def language(locale: str | None) -> Literal["en", "es"]:
    """Return the language to write in: Spanish for es, es-MX, es_US and the like, English for the rest."""
    return "es" if re.split("[-_]", locale or "")[0].lower() == "es" else "en"


class Templates:
    """Letters in a folder: `<name>.<language>.txt`, and `layout.txt` and `layout.html` around them all.

    A source begins with `Subject: ...`; blocks follow, with a blank line between. A block of `- ` lines is a list,
    `[label](address)` alone is a link, anything else a paragraph; one that renders to nothing is left out.
    The source alone decides the structure: a value is put in as one line of text and cannot add a block.
    `{{ until | when }}` writes a date, or an instant in its own time zone, in the letter's language.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._words = Environment(
            undefined=StrictUndefined,
            autoescape=False,  # noqa: S701 - words only; layout.html escapes them, once
            finalize=_one_line,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._words.filters["when"] = _when
        self._layouts = Environment(
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            autoescape=select_autoescape(["html"]),
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._parsed = cache(self._parse)

    def render(self, name: str, locale: str | None, /, **values: Any) -> Rendered:
        """Write a letter. A missing value raises jinja2.UndefinedError, a link that is none ValueError."""
        lang = language(locale)
        subject, sources = self._parsed(name, lang)
        values = {**values, "locale": lang}
        blocks = [block for kind, source in sources for block in _block(kind, source.render(values))]
        facts = {"subject": subject.render(values), "blocks": blocks, "locale": lang}
        return Rendered(
            subject=str(facts["subject"]),
            text=self._layouts.get_template("layout.txt").render(facts),
            html=self._layouts.get_template("layout.html").render(facts),
        )

    def _parse(self, name: str, lang: str) -> tuple[Template, list[tuple[Kind, Template]]]:
        source = (self._folder / f"{name}.{lang}.txt").read_text(encoding="utf-8")
        first, *blocks = re.split(r"\n\s*\n", source.strip())
        if not first.startswith("Subject: ") or "\n" in first:
            raise ValueError(f"{name}.{lang}.txt must begin with one line 'Subject: ...' and a blank line")
        return (
            self._words.from_string(first.removeprefix("Subject: ")),
            [(_kind(block), self._words.from_string(block)) for block in blocks],
        )


def _kind(source: str) -> Kind:
    first = next((line for line in source.splitlines() if not line.lstrip().startswith("{%")), "")
    if first.startswith("- "):
        return "list"
    return "link" if re.fullmatch(r"\[[^\]{}]+\]\(.+\)", source) else "paragraph"


def _block(kind: Kind, rendered: str) -> list[Block]:
    if not rendered.strip():
        return []
    if kind == "list":
        return [Block(kind, tuple(line.removeprefix("- ") for line in rendered.strip().splitlines()))]
    if kind == "paragraph":
        return [Block(kind, (" ".join(rendered.split()),))]
    label, _, url = rendered.strip().removeprefix("[").removesuffix(")").partition("](")
    if not _WEB_ADDRESS.fullmatch(url):
        raise ValueError("the link of a letter must be a web address beginning with http:// or https://")
    return [Block(kind, (label,), url)]


def _one_line(value: object) -> str:
    if value is None:
        raise TypeError("a letter cannot show a value that is None; leave the sentence out with {% if %}")
    return _UNSEEN.sub("", " ".join(str(value).split()))


_MONTHS = {
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    "es": (
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ),
}


def month_and_year(day: date, locale: str | None) -> str:
    """Write a month, such as "March 2026" or "marzo de 2026"."""
    lang = language(locale)
    month = _MONTHS[lang][day.month - 1]
    return f"{month} de {day.year}" if lang == "es" else f"{month} {day.year}"


@pass_context
def _when(context: Context, value: date) -> str:
    lang = context["locale"]
    month = _MONTHS[lang][value.month - 1]
    day = f"{value.day} de {month} de {value.year}" if lang == "es" else f"{month} {value.day}, {value.year}"
    if not isinstance(value, datetime):
        return day
    if value.tzinfo is None:
        raise ValueError("an instant in a letter must carry the time zone it is told in")
    noon = ("a. m.", "p. m.") if lang == "es" else ("AM", "PM")
    return f"{day}, {value.hour % 12 or 12}:{value.minute:02} {noon[value.hour >= 12]} {value:%Z}"  # noqa: PLR2004 - noon
