"""The operations that need no access token, by operation id; everything else does."""

PUBLIC: frozenset[str] = frozenset(
    {
        "accept_invitation",
        "answer_consent",
        "answer_introduction_ask",
        "answer_contribution_questions",
        "describe_token_server",
        "get_consent",
        "get_contact_choices",
        "get_introduction_ask",
        "get_contribution",
        "list_codes",
        "list_token_keys",
        "livez",
        "make_contact_choice",
        "offer_contribution",
        "readyz",
        "request_password_reset",
        "reset_password",
        "revoke_token",
        "set_contact_choices",
        "show_invitation",
        "take_token",
    }
)
