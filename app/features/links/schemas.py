"""What the addresses of links have in common."""

from typing import Annotated

from fastapi import Path

Token = Annotated[str, Path(max_length=100, description="The secret at the end of the link.")]
