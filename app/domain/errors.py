"""What a rule raises when it says no."""


class Refused(Exception):
    """A rule of the domain says no: `code` is stable, the sentences tell the caller what to do next.

    The HTTP layer answers 409, or 422 where `pointer` names the field that is at fault.
    """

    def __init__(self, code: str, sentence: str, spanish: str, *, pointer: str | None = None) -> None:
        super().__init__(sentence)
        self.code = code
        self.sentence = sentence
        self.spanish = spanish
        self.pointer = pointer
