"""Pictures as files, for tests."""

from io import BytesIO

from PIL import Image


def picture(kind: str = "JPEG", *, shade: int = 120, size: tuple[int, int] = (900, 600)) -> bytes:
    """Return a file with a picture of one shade."""
    out = BytesIO()
    Image.new("RGB", size, (shade, 90, 60)).save(out, kind)
    return out.getvalue()
