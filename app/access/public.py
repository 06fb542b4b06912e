"""The operations that need no access token, by operation id; everything else does."""

PUBLIC: frozenset[str] = frozenset(
    {
        "list_codes",
        "livez",
        "readyz",
    }
)
