"""Small copies of pictures. Only the process that was started for it decodes one: see `__main__`."""

from contextlib import suppress
from io import BytesIO
from typing import IO, NamedTuple

from PIL import Image, ImageCms, ImageOps

from chatapp.images.exif import LYING
from chatapp.images.formats import FORMATS

BOX = (720, 576)  # pixels: twice what a page shows, for screens that are that sharp
MAX_PIXELS = 40_000_000  # that are held at once; a JPEG may have 64 times as many, it is made smaller as it is read
QUALITY = 80
ANIMATED = ("image/gif", "image/webp", "image/png")
ORIENTATION = 0x0112

Image.MAX_IMAGE_PIXELS = None  # its own bound only warns; ours is above


class Shown(NamedTuple):
    """What a picture is, once it was decoded: its size as it is seen, and whether it has more than one picture."""

    width: int
    height: int
    is_animated: bool


class TooManyPixels(Exception):
    """It would take more memory than a picture is worth."""


def make_thumbnail(picture: IO[bytes], media_type: str, thumbnail: IO[bytes]) -> Shown:
    """What it is. Its small copy, the first frame of many, is written as WebP.

    Raises TooManyPixels, and whatever Pillow raises for what is no such picture.
    """
    with Image.open(picture, formats=(FORMATS[media_type].name,)) as image:
        is_lying = image.getexif().get(ORIENTATION) in LYING
        width, height = image.size[::-1] if is_lying else image.size
        box = BOX[::-1] if is_lying else BOX
        # A JPEG alone can do so: one of 50 megapixels never stands in the memory.
        image.draft(None, (2 * box[0], 2 * box[1]))
        if image.width * image.height > MAX_PIXELS:
            raise TooManyPixels
        small = _in_common_colours(image)
        small.thumbnail(box, reducing_gap=2.0)
        small = _in_usual_colours(ImageOps.exif_transpose(small), image.info.get("icc_profile"))
        small.save(thumbnail, "WEBP", quality=QUALITY)
        return Shown(width, height, _is_animated(image, media_type))


def _is_animated(image: Image.Image, media_type: str) -> bool:
    # A JPEG with further pictures behind it has several, of which a browser shows the first.
    if media_type not in ANIMATED:
        return False
    try:
        return bool(getattr(image, "is_animated", False))
    except Exception:  # noqa: BLE001 - whatever Pillow says of a next picture that is broken, the first one is shown
        return True


def _in_common_colours(image: Image.Image) -> Image.Image:
    """As something that can be made smaller: not a table of colours, not sixteen bits for each."""
    if image.mode in ("RGB", "RGBA", "L", "LA", "CMYK"):
        return image
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda value: value / 256).convert("L")
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _in_usual_colours(image: Image.Image, profile: bytes | None) -> Image.Image:
    """In sRGB, since no profile goes with it."""
    if profile and image.mode in ("RGB", "RGBA", "CMYK"):
        mode = "RGB" if image.mode == "CMYK" else image.mode
        # A profile that cannot be read is like none.
        with suppress(ImageCms.PyCMSError, OSError):
            source, target = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
            image = ImageCms.profileToProfile(image, source, target, outputMode=mode) or image
    return image if image.mode in ("RGB", "RGBA") else image.convert("RGBA" if image.mode == "LA" else "RGB")
