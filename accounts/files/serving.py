"""Handing a stored file to a person: always as a download, nothing of it runs in our origin."""

from django.http import FileResponse

from ..models import StoredFile


def download(stored: StoredFile, name: str) -> FileResponse:
    """The bytes as an attachment; the caller has checked the right to it."""
    response = FileResponse(
        stored.open(), as_attachment=True, filename=name, content_type=stored.media_type
    )
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
