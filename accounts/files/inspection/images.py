"""Pictures: decodable, of a sane size, and nothing but a picture."""

import warnings
import zipfile
from io import BytesIO

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MAX_PIXELS = 60_000_000
PNG_END = b"IEND\xaeB`\x82"


def inspect_png(data: bytes) -> None:
    """Raise ValidationError with the mend when this is not a whole PNG and nothing else."""
    _inspect(data, "PNG")
    if PNG_END not in data:
        raise _damaged()
    if not data.endswith(PNG_END):
        raise _not_only_a_picture()


def inspect_jpeg(data: bytes) -> None:
    """Raise ValidationError with the mend when this is not a whole JPEG."""
    # Phones write more pictures behind the first: what follows the end is no fault by itself.
    _inspect(data, "JPEG")


def _inspect(data: bytes, expected: str) -> None:
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # The size is judged here, whatever Pillow would warn of.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(BytesIO(data), formats=[expected]) as picture:
                if picture.width * picture.height > MAX_PIXELS:
                    raise _too_large()
                picture.load()
    except ValidationError:
        raise
    except Image.DecompressionBombError:
        raise _too_large() from None
    except Exception:
        raise _damaged() from None
    if zipfile.is_zipfile(BytesIO(data)):
        raise _not_only_a_picture()


def _damaged() -> ValidationError:
    return ValidationError(
        _("The picture is damaged. Save or photograph it again and upload the new file."),
        code="damaged",
    )


def _too_large() -> ValidationError:
    return ValidationError(
        _("The picture has more than %s million points. Make it smaller and upload it again.")
        % (MAX_PIXELS // 1_000_000),
        code="too_many_pixels",
    )


def _not_only_a_picture() -> ValidationError:
    return ValidationError(
        _("The file carries more than a picture. Open it, save it anew and upload the new file."),
        code="not_only_a_picture",
    )
