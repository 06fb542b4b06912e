"""The operations that need no access token, by operation id; everything else does."""

PUBLIC: frozenset[str] = frozenset(
    {
        "accept_invitation",
        "answer_consent",
        "describe_token_server",
        "get_consent",
        "get_contact_choices",
        "list_codes",
        "list_token_keys",
        "livez",
        "make_contact_choice",
        "readyz",
        "request_password_reset",
        "reset_password",
        "revoke_token",
        "show_invitation",
        "take_token",
    }
)
