import pytest

from app.core.languages import negotiate


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("es", "es"),
        ("ES", "es"),
        ("es-MX", "es"),
        ("es-419,es;q=0.9,en;q=0.8", "es"),
        ("en-US,en;q=0.9,es;q=0.8", "en"),
        ("en;q=0.5, es;q=0.7", "es"),
        ("es, en", "es"),
        ("en, es", "en"),
        ("fr", "en"),
        ("fr, es;q=0.1", "es"),
        ("*", "en"),
        ("en;q=0, *", "es"),
        ("es;q=0", "en"),
        ("en;q=0, es;q=0", "en"),
        ("es ; q=0.001", "es"),
        ("est", "en"),
    ],
)
def test_the_language_with_the_greatest_weight_wins(header: str | None, language: str) -> None:
    assert negotiate(header) == language


@pytest.mark.parametrize(
    "header",
    [
        ";;;,,,",
        "es;q=2",
        "es;q=-1",
        "es;q=nan",
        "es;q=0.1234",
        "\x00es",
        "español",
        "e" * 100_000,
        "es es",
        ";q=1",
    ],
)
def test_a_header_that_cannot_be_read_means_english(header: str) -> None:
    assert negotiate(header) == "en"


def test_an_unreadable_member_does_not_spoil_the_others() -> None:
    assert negotiate("$$$, es;q=0.8, en;q=oops") == "es"


def test_only_the_beginning_of_an_endless_header_is_read() -> None:
    assert negotiate("fr," * 200 + "es") == "en"
