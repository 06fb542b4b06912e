"""Pictures that somebody sent: looked at, made anew in two sizes, and nothing else of the file kept.

What comes out is WebP, drawn from the pixels alone: no EXIF, no place, no colour profile, no bytes of the sender's.
What goes in is read with limits, because a file of a few kilobytes can claim to be a picture of many gigabytes.
"""

import asyncio
import re
import warnings
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from threading import BoundedSemaphore

from PIL import Image

from app.core.problems import FieldError, Unavailable, Unprocessable

MEDIA_TYPES = ("image/jpeg", "image/png", "image/webp")
MADE = "image/webp"
LARGE = 1600
SMALL = 480
# What a camera of today makes. Less of what can only be held whole while it is drawn: measured with Pillow 13, as the
# peak above the process at rest, 16 million take 290 MB as WebP and 160 MB as PNG, 50 million 300 MB as a progressive
# JPEG (400 MB in the four colors of printing), and 40 MB as an ordinary one.
MOST_PIXELS = 50_000_000
MOST_PROGRESSIVE = 32_000_000
MOST_DRAWN = 16_000_000
LONGEST_SIDE = 20_000

_FORMATS = ("JPEG", "PNG", "WEBP")
_QUALITY = 82
# A progressive picture has about ten scans; a file of thousands, each over the whole picture, is drawn for minutes.
_MOST_SCANS = 100
_SCAN = b"\xff\xda"
# Cameras write some dozens; a PNG of ten megabytes, cut very small, has some thousands.
_MOST_PARTS = 20_000
_MARKER, _ALONE = 0xFF, range(0xD0, 0xDA)
_BEGINS = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n\x1a\n|RIFF....WEBP", re.DOTALL)
_TO_EIGHT_BITS = 255 / 65535
# How a picture was held when it was taken (EXIF 0x0112), and what sets it upright.
_ORIENTATION = 0x0112
_T = Image.Transpose
_TURNS = {
    2: _T.FLIP_LEFT_RIGHT,
    3: _T.ROTATE_180,
    4: _T.FLIP_TOP_BOTTOM,
    5: _T.TRANSPOSE,
    6: _T.ROTATE_270,
    7: _T.TRANSVERSE,
    8: _T.ROTATE_90,
}
_THREADS = 1
# Each that waits holds a connection to the database.
_MAX_WAITING = 3

# The library's own limit would only warn between one and two times this.
Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture made anew: WebP in two sizes, with the width and height of the larger one."""

    large: bytes
    small: bytes
    width: int
    height: int


class Pictures:
    """Makes pictures anew in a thread of its own, one at a time, so that other requests go on."""

    def __init__(self, *, threads: int = _THREADS, max_waiting: int = _MAX_WAITING) -> None:
        self._places = BoundedSemaphore(threads + max_waiting)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="picture")

    async def remake(self, data: bytes) -> Picture:
        """Return the picture made anew; raises Unprocessable for anything else, and Unavailable when many wait."""
        return await self._run(lambda: remake(data))

    def close(self) -> None:
        """Let what is under way finish, drop what waits, and end the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    async def _run(self, work: Callable[[], Picture]) -> Picture:
        if not self._places.acquire(blocking=False):
            raise Unavailable(
                "many pictures are being taken in; send this one again in a few seconds",
                spanish="se están recibiendo muchas imágenes; envíe esta de nuevo en unos segundos",
                headers={"Retry-After": "5"},
            )
        future = self._pool.submit(work)
        future.add_done_callback(lambda _: self._places.release())
        return await asyncio.wrap_future(future)


def remake(data: bytes) -> Picture:
    """Read a JPEG, PNG or WebP and make it anew; of a moving one, the first picture. Raises Unprocessable."""
    if not _BEGINS.match(data):
        raise _refused(
            "not_a_picture",
            "this is no JPEG, PNG or WebP; export the picture as one of these and send that",
            "esto no es JPEG, PNG ni WebP; exporte la imagen en uno de esos formatos y envíela",
        )
    if data.startswith(b"\xff\xd8") and data.count(_SCAN) > _MOST_SCANS:
        raise _too_large()
    if _has_too_many_parts(data):
        raise _damaged()
    try:
        large = _drawn(data)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise _too_large() from None
    except Unprocessable:
        raise
    except Exception as error:  # decoders raise whatever a broken file makes them trip over
        raise _damaged() from error
    small = large.copy()
    small.thumbnail((SMALL, SMALL), Image.Resampling.LANCZOS, reducing_gap=2.0)
    return Picture(_encoded(large), _encoded(small), *large.size)


def _has_too_many_parts(data: bytes) -> bool:
    """Say whether what comes before the pixels of a JPEG, or all of a PNG, is made of more parts than pictures have.

    The library reads part by part in Python: two million empty ones, in ten megabytes, take it seconds.
    """
    at, parts = (8, 0) if data.startswith(b"\x89") else (2, 0)
    while parts <= _MOST_PARTS and at + 8 <= len(data):
        parts += 1
        if data.startswith(b"\x89"):
            at += int.from_bytes(data[at : at + 4], "big") + 12
        elif data.startswith(b"\xff\xd8"):
            marker = data[at + 1]
            if data[at] != _MARKER or marker == _SCAN[1]:
                return False
            # What fills the space between two parts has no length, nor has a marker that stands alone.
            alone = marker in {0, _MARKER} or marker in _ALONE
            at += 1 + (marker != _MARKER) if alone else 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        else:
            return False
    return parts > _MOST_PARTS


def _drawn(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data), formats=_FORMATS) as opened:
        width, height = opened.size
        # Some cameras put a preview behind the photograph, which makes it a JPEG of several pictures.
        most = MOST_PIXELS if opened.format in {"JPEG", "MPO"} else MOST_DRAWN
        if opened.info.get("progressive"):
            most = MOST_PROGRESSIVE
        if width * height > most or max(width, height) > LONGEST_SIDE:
            raise _too_large()
        # A JPEG can be drawn at a half, a quarter or an eighth of its size, for so much less of the work.
        scale = LARGE / max(width, height)
        opened.draft(None, (max(1, int(width * scale)), max(1, int(height * scale))))
        turn = _turn(opened)
        drawn = _in_color(opened)
    # Small first: at full size every copy is a hundred megabytes.
    drawn.thumbnail((LARGE, LARGE), Image.Resampling.LANCZOS, reducing_gap=2.0)
    turned = drawn if turn is None else drawn.transpose(turn)
    # An image that has never held anything but pixels.
    plain = Image.new(turned.mode, turned.size)
    plain.paste(turned)
    return plain


def _turn(image: Image.Image) -> Image.Transpose | None:
    # Cameras write what they like there, and only this one number is wanted of it.
    with suppress(Exception):
        return _TURNS.get(image.getexif().get(_ORIENTATION, 0))
    return None


def _in_color(image: Image.Image) -> Image.Image:
    """Return an image as RGB or RGBA, itself where it is that already."""
    image.load()
    if image.mode.startswith("I"):
        # A grey of sixteen bits: a plain conversion cuts off everything but the darkest.
        image = image.convert("F").point(lambda value: value * _TO_EIGHT_BITS).convert("L")
    mode = "RGBA" if image.has_transparency_data else "RGB"
    return image if image.mode == mode and mode == "RGBA" else image.convert(mode)


def _encoded(image: Image.Image) -> bytes:
    out = BytesIO()
    image.save(out, "WEBP", quality=_QUALITY, method=4)
    return out.getvalue()


def _too_large() -> Unprocessable:
    return _refused(
        "picture_too_large",
        f"this picture has too many pixels (a JPEG may have {MOST_PIXELS // 1_000_000} million, a "
        f"progressive one {MOST_PROGRESSIVE // 1_000_000}, a PNG or WebP {MOST_DRAWN // 1_000_000}); make it smaller and send that",
        f"la imagen tiene demasiados píxeles (un JPEG puede tener {MOST_PIXELS // 1_000_000} millones; uno "
        f"progresivo, {MOST_PROGRESSIVE // 1_000_000}; un PNG o WebP, {MOST_DRAWN // 1_000_000}); redúzcala y envíela",
    )


def _damaged() -> Unprocessable:
    return _refused(
        "damaged_picture",
        "this picture is damaged and cannot be drawn; open it, save it again and send that",
        "la imagen está dañada y no se puede mostrar; ábrala, guárdela de nuevo y envíela",
    )


def _refused(code: str, english: str, spanish: str) -> Unprocessable:
    return Unprocessable(english, spanish=spanish, code=code, errors=[FieldError(english, code, pointer="")])
