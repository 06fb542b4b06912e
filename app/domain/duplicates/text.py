"""Words as they are compared: without case, accents and punctuation, and by their sound."""

import re
import unicodedata
from functools import lru_cache

# Letters that do not fall apart into a letter and an accent.
_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "\u0131": "i", "þ": "th", "ð": "d"}
)
_INSIDE = re.compile(r"(?<=\w)['\u2019\u02bc`\u00b4](?=\w)")
_INITIALS = re.compile(r"\b(?:\w\.){2,}")
_AND = re.compile(r"\s*[&+]\s*")
_OTHER = re.compile(r"[^\w]+|_")
_ORDINAL = re.compile(r"(\d+)(?:st|nd|rd|th|er|ro|ra|do|da|to|ta)")
_SPOKEN_NUMBERS = {
    "first": "1", "second": "2", "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "seventh": "7",
    "eighth": "8", "ninth": "9", "tenth": "10", "eleventh": "11", "twelfth": "12", "one": "1", "two": "2",
    "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7", "eight": "8", "nine": "9", "ten": "10",
}  # fmt: skip


@lru_cache(maxsize=65_536)
def fold(text: str) -> str:
    """Return a text in small plain letters and digits, words apart by one space: "José's & Co." is "joses and co"."""
    plain = _AND.sub(" and ", _INSIDE.sub("", text))
    plain = _INITIALS.sub(lambda found: found[0].replace(".", "") + " ", plain)
    plain = unicodedata.normalize("NFKD", plain).casefold().translate(_LETTERS)
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return _OTHER.sub(" ", plain).strip()


def number_word(word: str) -> str:
    """Return an ordinal or a small number as digits, any other word as it is: "third" and "3rd" are "3"."""
    found = _ORDINAL.fullmatch(word)
    return found[1] if found else _SPOKEN_NUMBERS.get(word, word)


# What sounds alike in English or in Spanish as it is spoken in the United States, one after the other.
_SOUNDS = (
    (re.compile(r"^(?:kn|gn|pn)"), "n"),
    (re.compile(r"^wr"), "r"),
    (re.compile(r"^ps"), "s"),
    (re.compile(r"^x"), "s"),
    (re.compile(r"ph"), "f"),
    (re.compile(r"t?ch"), "x"),
    (re.compile(r"sh"), "x"),
    (re.compile(r"sc(?=[eiy])"), "s"),
    (re.compile(r"dg(?=[eiy])"), "j"),
    (re.compile(r"(?<=[aeiou])gh(?![aeiou])"), ""),
    (re.compile(r"gh"), "g"),
    (re.compile(r"qu?"), "k"),
    (re.compile(r"ck"), "k"),
    (re.compile(r"c(?=[eiy])"), "s"),
    (re.compile(r"c"), "k"),
    (re.compile(r"g(?=[eiy])"), "j"),
    (re.compile(r"gu(?=[ei])"), "g"),
    (re.compile(r"z"), "s"),
    (re.compile(r"v"), "b"),
    (re.compile(r"th"), "t"),
    (re.compile(r"[hw]"), ""),
    (re.compile(r"y"), "i"),
)
_VOWELS = re.compile(r"(?<!^)[aeiou]+")
_TWICE = re.compile(r"(.)\1+")


@lru_cache(maxsize=262_144)
def sound(word: str) -> str:
    """Return the phonetic key of a folded word: its consonants by sound, a vowel at the beginning as "a".

    "Stephens" and "Stevens" differ, "Gonzalez", "Gonsales" and "Gonzáles" do not. Digits stay.
    """
    if not word.isalpha():
        return word
    spoken = word
    for pattern, sound_ in _SOUNDS:
        spoken = pattern.sub(sound_, spoken)
    if spoken[:1] in {"a", "e", "i", "o", "u"}:
        spoken = "a" + spoken[1:]
    spoken = _TWICE.sub(r"\1", _VOWELS.sub("", spoken))
    return spoken or word
