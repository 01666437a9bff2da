"""Pictures: decodable, of a sane size, and nothing but a picture."""

import warnings
import zipfile
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_PIXELS = 60_000_000


def inspect_png(data: bytes) -> None:
    """Raise ValidationError with the mend when this is not a whole PNG and nothing else."""
    _inspect(data, "PNG")
    if not data.endswith(b"IEND\xaeB`\x82"):
        raise ValidationError(_not_only_a_picture(), code="not_only_a_picture")


def inspect_jpeg(data: bytes) -> None:
    """Raise ValidationError with the mend when this is not a whole JPEG."""
    # Phones write more pictures behind the first: what follows the end is no fault by itself.
    _inspect(data, "JPEG")


def _inspect(data: bytes, expected: str) -> None:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # The size is judged below, whatever Pillow would warn of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=[expected]) as picture:
                width, height = picture.size
                if width * height <= MAX_PIXELS:
                    picture.load()
    except Exception:
        raise ValidationError(
            _("The picture is damaged. Save or photograph it again and upload the new file."),
            code="damaged",
        ) from None
    if width * height > MAX_PIXELS:
        raise ValidationError(
            _("The picture has %(width)s × %(height)s points, too many to show. Make it smaller.")
            % {"width": width, "height": height},
            code="too_many_pixels",
        )
    if zipfile.is_zipfile(BytesIO(data)):
        raise ValidationError(_not_only_a_picture(), code="not_only_a_picture")


def _not_only_a_picture() -> str:
    return _("The file carries more than a picture. Open it, save it anew and upload the new file.")
