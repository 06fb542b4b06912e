"""Pictures made anew: real files of every kind, and files that only claim to be pictures."""

import struct
import time
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageOps
from PIL.TiffImagePlugin import IFDRational

from app.core.pictures import (
    LARGE,
    LONGEST_SIDE,
    MOST_DRAWN,
    MOST_PIXELS,
    MOST_PROGRESSIVE,
    SMALL,
    Pictures,
    remake,
)
from app.core.problems import Unavailable, Unprocessable

GPS, ORIENTATION, CAMERA = 0x8825, 0x0112, 0x0110
RED, BLUE, GREEN = (220, 30, 40), (30, 40, 220), (30, 200, 40)


def drawn(width: int = 800, height: int = 600, mode: str = "RGB") -> Image.Image:
    """Draw a picture: red on the left and green below it, blue on the right."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    image.paste(GREEN, (0, height - height // 3, width // 2, height))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return a picture as a file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photograph(orientation: int = 1) -> bytes:
    """Return a JPEG as a telephone makes it: with its place, its camera, a comment and a profile."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    exif[CAMERA] = "Telephone of Maya Lopez"
    exif.get_ifd(GPS).update({1: "N", 2: (IFDRational(41), IFDRational(52), IFDRational(54)), 3: "W"})
    return saved(
        drawn(), "JPEG", exif=exif, comment=b"in front of 12 Elm Street", icc_profile=b"a profile of a camera"
    )


def png_claiming(width: int, height: int, body: bytes = b"\x00" * 64) -> bytes:
    """Return a PNG of a few bytes that claims to be of this size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(body))
        + chunk(b"IEND", b"")
    )


def opened(data: bytes) -> Image.Image:
    """Open what was made, which is WebP."""
    image = Image.open(BytesIO(data))
    assert image.format == "WEBP"
    image.load()
    return image


def _near(image: Image.Image, place: tuple[float, float], wanted: tuple[int, int, int]) -> bool:
    x, y = int(image.width * place[0]), int(image.height * place[1])
    found = image.convert("RGB").getpixel((x, y))
    assert isinstance(found, tuple)
    return all(abs(one - other) < 25 for one, other in zip(found, wanted, strict=True))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_every_kind_that_is_taken_becomes_webp_in_two_sizes(kind: str) -> None:
    made = remake(saved(drawn(2400, 1200), kind))

    large, small = opened(made.large), opened(made.small)
    assert (made.width, made.height) == large.size == (LARGE, LARGE // 2)
    assert small.size == (SMALL, SMALL // 2)
    assert _near(large, (0.25, 0.5), RED)
    assert _near(small, (0.75, 0.5), BLUE)


def test_a_small_picture_is_not_made_larger() -> None:
    made = remake(saved(drawn(90, 60), "PNG"))

    assert opened(made.large).size == opened(made.small).size == (90, 60)


@pytest.mark.parametrize("size", [(1, 1), (1, 9000), (9000, 1), (20_000, 2)])
def test_very_narrow_pictures_keep_at_least_a_pixel(size: tuple[int, int]) -> None:
    made = remake(saved(drawn(*size), "PNG"))

    assert 1 <= made.width <= LARGE
    assert 1 <= made.height <= LARGE


def test_a_photograph_whose_notes_are_nonsense_is_taken_all_the_same() -> None:
    sent = bytearray(photograph())
    begins = sent.index(b"Exif\x00\x00") + 6
    sent[begins : begins + 40] = bytes(range(40))

    assert remake(bytes(sent)).width == 800


def test_nothing_of_the_camera_the_place_or_the_profile_is_left() -> None:
    sent = photograph()

    made = remake(sent)

    assert b"Maya Lopez" in sent
    for data in (made.large, made.small):
        for trace in (b"Maya", b"Elm Street", b"profile", b"Exif", b"EXIF", b"XMP ", b"ICCP", b"http"):
            assert trace not in data
        image = opened(data)
        assert not image.getexif()
        assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()


@pytest.mark.parametrize(
    ("kind", "options"), [("PNG", {"pnginfo": True}), ("WEBP", {"xmp": b"<x>Maya Lopez</x>"})]
)
def test_texts_inside_other_kinds_are_left_out_as_well(kind: str, options: dict[str, object]) -> None:
    if "pnginfo" in options:
        from PIL.PngImagePlugin import PngInfo  # noqa: PLC0415 - only this kind has them

        info = PngInfo()
        info.add_text("Author", "Maya Lopez")
        info.add_itxt("Place", "Maya Lopez, 12 Elm Street", zip=True)
        options = {"pnginfo": info}

    made = remake(saved(drawn(), kind, **options))

    assert b"Maya" not in made.large + made.small


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_taken_sideways_is_turned_as_the_library_itself_would(orientation: int) -> None:
    sent = photograph(orientation)
    upright = ImageOps.exif_transpose(Image.open(BytesIO(sent))).convert("RGB")

    image = opened(remake(sent).large)

    assert image.size == upright.size
    for place in ((0.2, 0.2), (0.8, 0.2), (0.2, 0.8), (0.8, 0.8)):
        found = upright.getpixel((int(upright.width * place[0]), int(upright.height * place[1])))
        assert isinstance(found, tuple)
        assert _near(image, place, (found[0], found[1], found[2]))


@pytest.mark.parametrize(("kind", "orientation"), [("PNG", 6), ("WEBP", 6), ("JPEG", 99)])
def test_other_kinds_are_turned_as_well_and_nonsense_turns_nothing(kind: str, orientation: int) -> None:
    exif = Image.Exif()
    exif[ORIENTATION] = orientation

    made = remake(saved(drawn(), kind, exif=exif))

    assert (made.width, made.height) == ((600, 800) if orientation == 6 else (800, 600))


@pytest.mark.parametrize("mode", ["L", "1", "P", "CMYK", "YCbCr"])
def test_grey_indexed_and_printing_colors_become_ordinary_ones(mode: str) -> None:
    made = remake(saved(drawn(mode=mode), "JPEG" if mode in {"CMYK", "YCbCr"} else "PNG"))

    assert opened(made.large).mode == "RGB"


def test_a_grey_of_sixteen_bits_keeps_its_shades() -> None:
    row = struct.pack("<200H", *[2_000] * 100, *[30_000] * 100)
    steep = Image.frombytes("I;16", (200, 100), row * 100)

    image = opened(remake(saved(steep, "PNG")).large).convert("L")

    dark, bright = image.getpixel((50, 50)), image.getpixel((150, 50))
    assert isinstance(dark, int)
    assert isinstance(bright, int)
    assert (dark, bright) == (pytest.approx(8, abs=3), pytest.approx(117, abs=3))


def test_what_is_transparent_stays_transparent() -> None:
    clear = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    clear.paste((*RED, 255), (0, 0, 50, 100))
    indexed = drawn(100, 100).quantize(8)

    made = opened(remake(saved(clear, "PNG")).large)
    keyed = opened(remake(saved(indexed, "PNG", transparency=0)).large)

    assert made.mode == keyed.mode == "RGBA"
    alpha = made.getchannel("A")
    assert (alpha.getpixel((25, 50)), alpha.getpixel((75, 50))) == (255, 0)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_one_is_kept(kind: str) -> None:
    frames = [Image.new("RGB", (64, 64), RED), Image.new("RGB", (64, 64), BLUE)]

    image = opened(
        remake(saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)).large
    )

    assert getattr(image, "n_frames", 1) == 1
    assert _near(image, (0.5, 0.5), RED)


def _code(data: bytes) -> str:
    with pytest.raises(Unprocessable) as refused:
        remake(data)
    assert refused.value.spanish
    return refused.value.code


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF89a" + b"\x00" * 100,
        saved(drawn(10, 10), "GIF"),
        saved(drawn(10, 10), "BMP"),
        saved(drawn(10, 10), "TIFF"),
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<html><body>hello</body></html>",
        b"%PDF-1.7\n",
        b"PK\x03\x04" + b"\x00" * 100,
        b"MZ\x90\x00",
        b"\x00\x00\x00\x18ftypheic" + b"\x00" * 100,
    ],
    ids=lambda data: repr(data[:12]),
)
def test_what_is_no_jpeg_png_or_webp_is_refused(data: bytes) -> None:
    assert _code(data) == "not_a_picture"


def test_a_file_that_only_begins_like_a_picture_is_refused() -> None:
    for data in (
        b"\xff\xd8\xff" + b"nothing more" * 100,
        b"\x89PNG\r\n\x1a\n",
        b"\x89PNG\r\n\x1a\n" + b"<script>" * 100,
        b"RIFF\x24\x00\x00\x00WEBPVP8 " + b"\x00" * 24,
    ):
        assert _code(data) == "damaged_picture"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_that_breaks_off_is_refused(kind: str) -> None:
    whole = saved(drawn(), kind, **({"lossless": True} if kind == "WEBP" else {}))

    assert _code(whole[: len(whole) // 2]) == "damaged_picture"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_picture_with_damaged_bytes_is_made_or_refused_and_breaks_nothing(kind: str) -> None:
    whole = saved(drawn(60, 40), kind)
    for place in range(0, len(whole), max(1, len(whole) // 150)):
        broken = bytearray(whole)
        broken[place] ^= 0xFF
        try:
            made = remake(bytes(broken))
        except Unprocessable:
            continue
        assert opened(made.large).width >= 1


@pytest.mark.parametrize(
    ("width", "height"),
    [(50_000, 50_000), (2**31 - 1, 2**31 - 1), (MOST_DRAWN // 1000 + 1, 1000), (LONGEST_SIDE + 1, 1)],
)
def test_a_few_bytes_that_claim_to_be_millions_of_pixels_are_refused_at_once(width: int, height: int) -> None:
    began = time.perf_counter()

    code = _code(png_claiming(width, height))

    assert code in {"picture_too_large", "damaged_picture"}
    assert time.perf_counter() - began < 1


def test_a_real_bomb_of_one_color_is_refused_before_it_is_drawn() -> None:
    bomb = png_claiming(8_000, 8_000, b"\x00" * (8_000 * 3 + 1) * 50)
    began = time.perf_counter()

    assert _code(bomb) == "picture_too_large"
    assert time.perf_counter() - began < 1


def test_a_text_that_unpacks_to_gigabytes_is_refused() -> None:
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack("!I", len(data)) + kind + data + struct.pack("!I", zlib.crc32(kind + data))

    whole = png_claiming(1, 1, b"\x00\x00\x00\x00")
    packed = zlib.compress(b"\x00" * 200_000_000, 9)
    bomb = whole[:33] + chunk(b"zTXt", b"Comment\x00\x00" + packed) + whole[33:]
    began = time.perf_counter()

    assert _code(bomb) == "damaged_picture"
    assert time.perf_counter() - began < 2


def test_a_jpeg_of_thousands_of_scans_is_refused_before_it_is_drawn() -> None:
    whole = saved(drawn(400, 300), "JPEG", progressive=True)
    first = whole.index(b"\xff\xda")
    scan = whole[first : whole.index(b"\xff\xda", first + 2)]

    assert _code(whole[:first] + scan * 500 + whole[first:]) == "picture_too_large"


def _empty_parts(kind: bytes) -> bytes:
    return (struct.pack("!I", 0) + kind + struct.pack("!I", zlib.crc32(kind))) * 400_000


@pytest.mark.parametrize(
    ("kind", "at", "parts"),
    [
        ("JPEG", 2, b"\xff\xe5\x00\x02" * 2_000_000),
        ("JPEG", 2, b"\xff" * 9_000_000),
        ("JPEG", 2, b"\xff\xd8" * 4_000_000),
        ("PNG", 33, _empty_parts(b"abCd")),
        ("PNG", 33, _empty_parts(b"IDAT")),
    ],
)
def test_millions_of_parts_that_say_nothing_are_refused_before_they_are_read(
    kind: str, at: int, parts: bytes
) -> None:
    whole = saved(drawn(40, 30), kind)
    few = whole[:at] + parts[:1_200] + whole[at:]
    began = time.perf_counter()

    assert _code(whole[:at] + parts + whole[at:]) == "damaged_picture"
    assert time.perf_counter() - began < 1
    if b"IDAT" not in parts and b"\xff\xd8" not in parts:
        assert remake(few).width == 40


def test_a_photograph_with_a_preview_behind_it_is_a_photograph() -> None:
    photo = drawn(5_000, 4_800)
    assert photo.width * photo.height > MOST_DRAWN

    made = remake(saved(photo, "MPO", save_all=True, append_images=[drawn(500, 480)]))

    assert (made.width, made.height) == (LARGE, LARGE * 4_800 // 5_000)


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", b"<?php system($_GET[0]); ?>", b"PK\x03\x04"])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_nothing_of_another_file_behind_a_picture_is_kept(kind: str, tail: bytes) -> None:
    made = remake(saved(drawn(400, 300), kind) + tail)

    assert tail not in made.large + made.small
    assert made.large.startswith(b"RIFF")


@pytest.mark.parametrize(("progressive", "side", "code"), [(True, 6_000, "large"), (False, 6_000, "damaged")])
def test_a_progressive_jpeg_may_have_fewer_pixels_because_it_is_held_whole(
    progressive: bool, side: int, code: str
) -> None:
    assert MOST_PROGRESSIVE < side * side < MOST_PIXELS
    small = saved(drawn(400, 300), "JPEG", progressive=progressive)
    frame = small.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    claiming = small[: frame + 5] + struct.pack("!HH", side, side) + small[frame + 9 :]

    # One that says as much without the limit is drawn, and breaks off where its bytes do.
    assert code in _code(claiming[:-200])


def test_a_photograph_of_fifty_million_pixels_is_taken_and_done_in_time() -> None:
    photo = saved(Image.effect_noise((2000, 1250), 60).resize((8_000, 5_000)).convert("RGB"), "JPEG")
    began = time.perf_counter()

    made = remake(photo)

    assert (made.width, made.height) == (1600, 1000)
    assert time.perf_counter() - began < 5


async def test_when_too_many_wait_one_is_asked_to_come_back() -> None:
    pictures = Pictures(threads=1, max_waiting=0)
    assert pictures._places.acquire(blocking=False)

    with pytest.raises(Unavailable) as refused:
        await pictures.remake(photograph())

    assert refused.value.headers == {"Retry-After": "5"}
    pictures._places.release()
    assert (await pictures.remake(photograph())).width == 800
    pictures.close()
