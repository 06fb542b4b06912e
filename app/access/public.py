"""The operations that need no access token, by operation id; everything else does."""

PUBLIC: frozenset[str] = frozenset(
    {
        "accept_invitation",
        "describe_token_server",
        "list_codes",
        "list_token_keys",
        "livez",
        "readyz",
        "request_password_reset",
        "reset_password",
        "revoke_token",
        "show_invitation",
        "take_token",
    }
)
