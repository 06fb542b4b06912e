"""What a tenant decides: which industries always need a person."""

import pytest

from app.domain.tenant_settings import DEFAULTS, TenantSettings, is_sensitive


@pytest.mark.parametrize(
    ("naics", "sensitive"),
    [
        (None, True),
        ("622", True),
        ("622110", True),
        ("561612", True),
        ("561622", True),
        ("62", False),
        ("541622", False),
        ("561710", False),
        ("332993", False),
    ],
)
def test_an_industry_is_sensitive_by_how_its_code_begins(naics: str | None, sensitive: bool) -> None:
    assert is_sensitive(naics, DEFAULTS) is sensitive


def test_a_tenant_may_have_no_sensitive_industries_but_never_knows_an_unknown_one() -> None:
    none = TenantSettings(sensitive_industries=())

    assert not is_sensitive("622110", none)
    assert is_sensitive(None, none)
