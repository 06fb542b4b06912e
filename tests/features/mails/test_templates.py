import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import jinja2
import pytest
from jinja2 import meta

from app.core.mail_templates import Rendered, Templates, language
from app.features.mails.wording import (
    HELD,
    LETTERS,
    SUGGESTED_BY,
    TEMPLATES,
    VALUES,
    held,
    suggested_by,
    write,
)

FOLDER = Path(__file__).parents[3] / "app" / "features" / "mails" / "templates"
CHICAGO = ZoneInfo("America/Chicago")
LINK = "https://kithwork.example.org/l/Zm9vYmFy?for=mail&step=1"
EVERY_LETTER = [(name, locale) for name in sorted(LETTERS) for locale in ("en", "es")]

# The second link of a letter that asks a contact for something: to choose, take a break or leave.
CHOICES = "https://kithwork.example.org/choices/c2VjcmV0"
SAMPLES: dict[str, Any] = {
    "answer_by": date(2027, 3, 5),
    "begins_at": datetime(2027, 3, 8, 14, 15, tzinfo=CHICAGO),
    "dates": ["Día en la clínica · 2027-03-08 14:15", "Jardín · semanal"],
    "hours": 48,
    "employer_name": "Corner Clinic",
    "phase_title": "Sketches",
    "attempts": 7,
    "students": 25,
    "changed_at": datetime(2027, 3, 5, 16, 30, tzinfo=CHICAGO),
    "code": "1234 5678",
    "titles": ["Un día con la Ñ", "Jardín"],
    "valid_minutes": 30,
    "choices_link": CHOICES,
    "contact_name": "Íñigo V.",
    "event_id": UUID("0197a000-0000-7000-8000-000000000001"),
    "event_type": "pursuit.approve",
    "failed_at": datetime(2027, 3, 5, 16, 30, tzinfo=UTC),
    "field_name": "Veterinaria Ñ",
    "held": ["la held de Rosa", "su teléfono held"],
    "held_until": datetime(2027, 3, 6, 9, 5, tzinfo=CHICAGO),
    "invited_by": "Sra. Íñiguez",
    "link": LINK,
    "listings": ["Clínica veterinaria Peña · Corner Clinic · Lakeside", "Jardín · Escuela Ñandú"],
    "more": 37,
    "search_link": "https://kithwork.example.org/saved_searches/0197a000",
    "search_name": "Prácticas con animales",
    "message": "Nuestros estudiantes quieren conocer oficios",
    "opportunity_title": "Clínica veterinaria Peña",
    "questions": ["Who do we know in Educación?", "¿A quién conocemos en Construction?"],
    "reason": "Falta el horario",
    "rows_merged": 31,
    "rows_read": 4954,
    "rows_reported": 17,
    "rows_taken": 4906,
    "school_contact": "Ms. Ortiz, 555-0100",
    "school_name": "Escuela Ñandú",
    "started_at": datetime(2027, 3, 5, 0, 0, tzinfo=CHICAGO),
    "starts_on": date(2027, 4, 1),
    "student_name": "Begoña R.",
    "suggested_by_role": "a role phrase",
    "tenant_name": "Distrito Güiro",
    "through": "You suggested someone in marzo",
    "until": date(2027, 3, 19),
    "valid_until": datetime(2027, 3, 12, 12, 0, tzinfo=CHICAGO),
    "who": "un estudiante de North",
    "why": "Trabaja con animales",
    "wording": "Quisiera saber cómo es un día",
}
SHOWN = {
    "en": {
        "answer_by": "March 5, 2027",
        "begins_at": "March 8, 2027, 2:15 PM CST",
        "changed_at": "March 5, 2027, 4:30 PM CST",
        "failed_at": "March 5, 2027, 4:30 PM UTC",
        "held_until": "March 6, 2027, 9:05 AM CST",
        "started_at": "March 5, 2027, 12:00 AM CST",
        "starts_on": "April 1, 2027",
        "until": "March 19, 2027",
        "valid_until": "March 12, 2027, 12:00 PM CST",
    },
    "es": {
        "answer_by": "5 de marzo de 2027",
        "begins_at": "8 de marzo de 2027, 2:15 p. m. CST",
        "changed_at": "5 de marzo de 2027, 4:30 p. m. CST",
        "failed_at": "5 de marzo de 2027, 4:30 p. m. UTC",
        "held_until": "6 de marzo de 2027, 9:05 a. m. CST",
        "started_at": "5 de marzo de 2027, 12:00 a. m. CST",
        "starts_on": "1 de abril de 2027",
        "until": "19 de marzo de 2027",
        "valid_until": "12 de marzo de 2027, 12:00 p. m. CST",
    },
}


class Page(HTMLParser):
    """What a mail client sees: the elements with their attributes, and the words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(html)
        self.words = " ".join(self.words.split())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data

    def links(self) -> list[str | None]:
        return [attributes["href"] for tag, attributes in self.elements if tag == "a"]


def _values(name: str, **others: Any) -> dict[str, Any]:
    return {value: others.get(value, SAMPLES[value]) for value in LETTERS[name]}


def _write(name: str, locale: str, **others: Any) -> Rendered:
    return write(name, locale, _values(name, **others))


def test_the_folder_holds_every_letter_in_both_languages_and_no_other() -> None:
    found = {path.name for path in FOLDER.iterdir()}

    assert found == {f"{name}.{locale}.txt" for name, locale in EVERY_LETTER} | {"layout.txt", "layout.html"}


def test_every_value_is_described_and_needed_by_some_letter() -> None:
    assert set(VALUES) == set().union(*LETTERS.values())


@pytest.mark.parametrize(("name", "locale"), EVERY_LETTER)
def test_a_letter_uses_exactly_the_values_of_its_row(name: str, locale: str) -> None:
    source = (FOLDER / f"{name}.{locale}.txt").read_text(encoding="utf-8")
    environment = jinja2.Environment(autoescape=True)
    environment.filters["when"] = str

    used = meta.find_undeclared_variables(environment.parse(source))

    assert used == LETTERS[name]


@pytest.mark.parametrize(("name", "locale"), EVERY_LETTER)
def test_a_letter_is_whole_in_both_parts(name: str, locale: str) -> None:
    letter = _write(name, locale)

    page = Page(letter.html)
    text = " ".join(letter.text.split())
    assert letter.subject.strip()
    assert len(letter.subject.splitlines()) == 1
    assert page.elements[0] == ("html", {"lang": locale, "dir": "ltr"})
    for value in LETTERS[name] - {"link", "choices_link"}:
        shown = SHOWN[locale].get(value, SAMPLES[value])
        for words in shown if isinstance(shown, list) else [str(shown)]:
            assert words in text + letter.subject
            assert words in page.words
    if "link" in LETTERS[name]:
        assert letter.text.splitlines().count(LINK) == 1
        links = [SAMPLES[one] for one in ("search_link", "link", "choices_link") if one in LETTERS[name]]
        assert page.links() == links
        assert all(link in page.words for link in links)
    else:
        assert page.links() == []
    assert not re.search(r"\{\{|\{%|\}\}|%\}|None|Markup", letter.subject + letter.text + letter.html)


@pytest.mark.parametrize(("name", "locale"), EVERY_LETTER)
def test_a_letter_fetches_nothing_and_runs_nothing(name: str, locale: str) -> None:
    page = Page(_write(name, locale).html)

    tags = {tag for tag, _ in page.elements}
    attributes = {attribute for _, found in page.elements for attribute in found}
    assert tags <= {
        *("html", "head", "meta", "title", "body", "main"),
        *("h1", "p", "a", "br", "ul", "li", "hr"),
    }
    assert attributes <= {"lang", "dir", "charset", "name", "content", "style", "href"}
    assert "url(" not in _write(name, locale).html


@pytest.mark.parametrize(("name", "locale"), EVERY_LETTER)
def test_a_hostile_value_stays_one_line_of_words(name: str, locale: str) -> None:
    hostile = "<script>alert('x')</script>\r\n\r\n- more\n[Click](https://evil.example)\x00\u202e \"&"
    words = {
        name_: hostile
        for name_, sample in SAMPLES.items()
        if isinstance(sample, str) and not name_.endswith("link")
    }

    letter = _write(name, locale, **words, held=[hostile, hostile])

    page = Page(letter.html)
    assert "script" not in {tag for tag, _ in page.elements}
    assert page.links() in ([LINK, CHOICES], [SAMPLES["search_link"], LINK], [LINK], [])
    assert len(letter.subject.splitlines()) == 1
    assert len(letter.text.split("\n\n")) == len(_write(name, locale).text.split("\n\n"))
    assert not re.search("[\x00\u202e\r]", letter.subject + letter.text + letter.html)
    if LETTERS[name] & (words.keys() | {"held"}):
        assert "&lt;script&gt;" in letter.html
        assert "<script>alert('x')</script>" in page.words


@pytest.mark.parametrize("name", sorted(LETTERS))
def test_english_and_spanish_say_it_in_their_own_words(name: str) -> None:
    english, spanish = _write(name, "en"), _write(name, "es")

    assert english.subject != spanish.subject
    assert not _paragraphs(english) & _paragraphs(spanish)


def _paragraphs(letter: Rendered) -> set[str]:
    shared = {LINK, *SAMPLES["held"], SAMPLES["reason"]}
    return (
        {part.removeprefix("- ") for part in letter.text.split("\n\n")}
        - shared
        - {
            "- " + "\n- ".join(SAMPLES["held"]),
            "\n- ".join(SAMPLES["held"]),
            "\n- ".join(SAMPLES["questions"]),
            "\n- ".join(SAMPLES["listings"]),
            "\n- ".join(SAMPLES["dates"]),
            "\n- ".join(SAMPLES["titles"]),
        }
    )


@pytest.mark.parametrize("name", sorted(name for name in LETTERS if name.startswith("consent_")))
@pytest.mark.parametrize("locale", ["en", "es"])
def test_a_letter_to_a_contact_names_nobody_who_suggested_them(name: str, locale: str) -> None:
    assert not LETTERS[name] & {"student_name", "invited_by"}
    assert "Begoña" not in _write(name, locale).text


@pytest.mark.parametrize("name", ["consent_invitation", "consent_reminder"])
@pytest.mark.parametrize(
    ("locale", "said"),
    [
        ("en", ["say yes", "say no", "this is not you", "never to contact you again", "erase everything"]),
        ("es", ["decir que sí", "decir que no", "no es usted", "nunca más le contactemos", "borramos todos"]),
    ],
)
def test_a_contact_is_told_every_answer_and_what_silence_means(
    name: str, locale: str, said: list[str]
) -> None:
    text = " ".join(_write(name, locale).text.split())

    assert [words for words in said if words not in text] == []


def test_a_community_of_one_school_is_not_named_twice() -> None:
    letter = _write("consent_invitation", "en", tenant_name="Elm School", school_name="Elm School")

    assert "part of" not in letter.text


def test_an_import_without_rejected_rows_asks_for_nothing() -> None:
    letter = _write("import_finished", "en", rows_reported=0)

    assert "Every row found its place." in letter.text
    assert "Mend" not in letter.text


def test_a_missing_value_is_refused() -> None:
    values = _values("pursuit_approved")
    del values["until"]

    with pytest.raises(ValueError, match="look at until"):
        write("pursuit_approved", "en", values)


def test_a_value_too_many_is_refused() -> None:
    with pytest.raises(ValueError, match="look at student_name"):
        write("pursuit_approved", "en", {**_values("pursuit_approved"), "student_name": "Ana R."})


@pytest.mark.parametrize("link", ["javascript:alert(1)", "/v1/x", "https://a b", 'https://a"onclick="x', ""])
def test_a_link_that_is_no_web_address_is_refused_without_being_repeated(link: str) -> None:
    with pytest.raises(ValueError, match="must be a web address") as refusal:
        _write("password_reset", "en", link=link)

    assert not link or link not in str(refusal.value)


def test_a_value_of_none_is_refused() -> None:
    with pytest.raises(TypeError, match="cannot show a value that is None"):
        _write("pursuit_declined", "en", reason=None)


def test_an_instant_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="must carry the time zone"):
        _write("password_reset", "en", valid_until=datetime(2027, 3, 5, 9, 0))  # noqa: DTZ001 - that is the point


def test_the_machinery_refuses_a_missing_value_too() -> None:
    with pytest.raises(jinja2.UndefinedError, match="valid_until"):
        TEMPLATES.render("password_reset", "en", link=LINK)


def test_a_source_without_a_subject_is_refused(tmp_path: Path) -> None:
    (tmp_path / "odd.en.txt").write_text("Hello,\n\nno subject here\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"odd\.en\.txt must begin with one line 'Subject"):
        Templates(tmp_path).render("odd", "en")


@pytest.mark.parametrize(
    ("locale", "expected"),
    [
        ("es", "es"),
        ("es-MX", "es"),
        ("ES_us", "es"),
        ("en-US", "en"),
        ("est", "en"),
        ("fr", "en"),
        (None, "en"),
    ],
)
def test_every_locale_finds_its_language(locale: str | None, expected: str) -> None:
    assert language(locale) == expected


def test_phrases_exist_in_both_languages_and_differ() -> None:
    for phrases in (*SUGGESTED_BY.values(), *HELD.values()):
        assert set(phrases) == {"en", "es"}
        assert phrases["en"] != phrases["es"]


def test_a_contributor_is_told_by_role_and_an_unknown_role_by_none() -> None:
    assert suggested_by("guardian", "en") == "a parent or guardian"
    assert suggested_by("supervisor", "es-MX") == "alguien que le conoce"
    assert held(["name", "email"], "es") == ["su nombre", "esta dirección de correo electrónico"]
