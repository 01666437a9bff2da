"""The process that turns one HTML text into one PDF and dies: no Django, no network, no files.

Reads a job as JSON on standard input, writes the PDF on standard output, and says by its exit
status what went wrong. Started by `rendering`, never imported by it.
"""

import base64
import json
import resource
import sys
from typing import Any, NoReturn

REFUSED, TOO_LARGE = 3, 4


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound what this process may use; the kernel ends it beyond."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def render(job: dict[str, Any]) -> bytes:
    """The PDF/A of the job's HTML; whatever it refers to beyond the job's assets stops it."""
    from weasyprint import CSS, HTML, Attachment
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse

    assets = {
        f"asset:{name}": (found["type"], base64.b64decode(found["base64"]))
        for name, found in job["assets"].items()
    }

    class BundledAssets(URLFetcher):
        """Answers from memory with what the job brought; everything else is fatal."""

        def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
            """The bundled asset of that name."""
            if url not in assets:
                raise FatalURLFetchingError(f"refused address {url[:200]}")
            media_type, body = assets[url]
            return URLFetcherResponse(url, body, {"Content-Type": media_type})

    fetcher = BundledAssets()
    attachments = [
        Attachment(
            string=found["text"],
            base_url="asset:",
            url_fetcher=fetcher,
            name=found["name"],
            description=found["description"],
            relationship=found["relationship"],
        )
        for found in job["attachments"]
    ]
    html = HTML(string=job["html"], base_url="asset:", url_fetcher=fetcher)
    sheets = [CSS(string=css, base_url="asset:", url_fetcher=fetcher) for css in job["css"]]
    pdf: bytes = html.write_pdf(
        stylesheets=sheets, attachments=attachments, pdf_variant=job["variant"], pdf_tags=True
    )
    return pdf


def give_up(status: int, message: str) -> NoReturn:
    """End with a status that `rendering` understands."""
    sys.stderr.write(message[:2000])
    sys.exit(status)


def main() -> None:
    """Render the job on standard input."""
    job = json.loads(sys.stdin.buffer.read())
    limit(job["memory_bytes"], job["cpu_seconds"])
    try:
        pdf = render(job)
    except (MemoryError, RecursionError) as error:
        give_up(TOO_LARGE, type(error).__name__)
    except BaseException as error:
        if type(error).__name__ == "FatalURLFetchingError":
            give_up(REFUSED, str(error))
        raise
    sys.stdout.buffer.write(pdf)


if __name__ == "__main__":
    main()
