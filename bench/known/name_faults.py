"""What happens to the name of a workplace when somebody else writes it down."""

from collections.abc import Callable

from bench.known.pen import Pen, Town
from bench.known.vocabulary import FORMS, IN_SPANISH, USUAL

Fault = Callable[[Pen, str, Town], str | None]


def _one_slip(pen: Pen, name: str, _town: Town) -> str:
    return pen.slip(name)


def _shortened(pen: Pen, name: str, _town: Town) -> str | None:
    words = name.split()
    long = [place for place, word in enumerate(words) if len(word) > 5]  # noqa: PLR2004 - short words stay
    if not long:
        return None
    at, kind = pen.random.choice(long), pen.random.choice(pen.mix.short)
    word = words[at]
    if kind == "usual":
        known = [place for place in long if words[place] in USUAL]
        if not known:
            return None
        at = pen.random.choice(known)
        words[at] = USUAL[words[at]]
    elif kind == "vowels":
        words[at] = word[0] + "".join(char for char in word[1:] if char not in "aeiou")
    elif kind == "initials":
        if at == 0:
            return None
        words[at] = word[0] + "."
    else:
        words[at] = word[: pen.random.randint(4, len(word) - 1)] + ("." if kind == "dotted" else "")
    return " ".join(words)


def _legal_form(pen: Pen, name: str, _town: Town) -> str:
    return name + pen.random.choice((" ", ", ")) + pen.random.choice(FORMS)


def _joined(pen: Pen, name: str, _town: Town) -> str | None:
    if " & " in name or " and " in name:
        return name.replace(" & ", " @ ").replace(" and ", " & ").replace(" @ ", " and ")
    words = name.split()
    if len(words) < 2:  # noqa: PLR2004 - nothing to join
        return None
    at = pen.random.randrange(len(words) - 1)
    glue = pen.random.choice(("", "-"))
    return " ".join([*words[:at], words[at] + glue + words[at + 1], *words[at + 2 :]])


def _swapped(pen: Pen, name: str, _town: Town) -> str | None:
    words = name.split()
    if len(words) < 2:  # noqa: PLR2004 - nothing to swap
        return None
    if pen.by_chance(0.5):
        return (
            " ".join([words[-1] + ",", *words[:-1]])
            if pen.by_chance(0.5)
            else " ".join([words[-1], *words[:-1]])
        )
    at = pen.random.randrange(len(words) - 1)
    words[at], words[at + 1] = words[at + 1], words[at]
    return " ".join(words)


def _left_out(pen: Pen, name: str, _town: Town) -> str | None:
    words = name.split()
    return " ".join(words[:-1]) if len(words) > 2 and pen.by_chance(0.7) else None  # noqa: PLR2004 - two words stay


def _added(pen: Pen, name: str, town: Town) -> str:
    more = pen.random.choice(
        (f" of {town.name}", f" - {town.name}", " Shop", " & Co", " (main office)", " Services")
    )
    return f"The {name}" if pen.by_chance(0.3) else name + more


def _saint(_pen: Pen, name: str, _town: Town) -> str | None:
    return name.replace("Saint ", "St. ").replace("Mount ", "Mt ").replace("'s", "s")


def _no_vowels(_pen: Pen, name: str, _town: Town) -> str:
    return " ".join(
        word[0] + "".join(char for char in word[1:] if char not in "aeiou") for word in name.split()
    )


def _in_spanish(_pen: Pen, name: str, _town: Town) -> str | None:
    for english, spanish in IN_SPANISH.items():
        if english in name:
            return name.replace(english, spanish)
    return None


def _twice(pen: Pen, name: str, _town: Town) -> str:
    words = name.split()
    at = pen.random.randrange(len(words))
    return " ".join([*words[: at + 1], *words[at:]])


MORE_FAULTS: dict[str, Fault] = {"all vowels": _no_vowels, "in Spanish": _in_spanish, "twice": _twice}
FAULTS: tuple[Fault, ...] = (_one_slip, _one_slip, _one_slip, _shortened, _shortened, _legal_form, _legal_form, _joined, _swapped, _left_out, _added, _saint)  # fmt: skip
