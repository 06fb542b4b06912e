"""The two names every code has, so that no client invents its own."""

from typing import NamedTuple


class Names(NamedTuple):
    """A code's name in English and in Spanish."""

    en: str
    es: str

    def in_language(self, language: str) -> str:
        """Return the name in `en` or `es`."""
        return self.es if language == "es" else self.en
