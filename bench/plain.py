"""The same decree made with WeasyPrint and pyHanko alone, as their manuals show: no process of its
own, no limits, no cleaning. What ours costs more is what these cost.
"""

import io
from typing import Any

from asn1crypto import keys, x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives import serialization
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko_certvalidator.registry import SimpleCertificateStore
from weasyprint import CSS, HTML, Attachment

from legal_basis.authority import der, identity_of, root
from legal_basis.signing import SignatureRequest
from legal_basis.timestamping import stamper


def page_of(job: dict[str, Any]) -> str:
    """The HTML of a layout job with its pictures inside, so that nothing has to be fetched."""
    html: str = job["html"]
    for name, found in job["assets"].items():
        html = html.replace(f"asset:{name}", f"data:{found['type']};base64,{found['base64']}")
    return html


def laid_out(html: str, job: dict[str, Any]) -> bytes:
    """The PDF/A, with the same sheets, tags and attachment."""
    attachments = [
        Attachment(
            string=found["text"],
            name=found["name"],
            description=found["description"],
            relationship=found["relationship"],
        )
        for found in job["attachments"]
    ]
    pdf: bytes = HTML(string=html).write_pdf(
        stylesheets=[CSS(string=css) for css in job["css"]],
        attachments=attachments,
        pdf_variant=job["variant"],
        pdf_tags=True,
    )
    return pdf


def signed(document: bytes, request: SignatureRequest) -> bytes:
    """PAdES B-T by the same P-256 key and time stamps."""
    identity = identity_of(request.signatory, request.capacity)
    key = identity.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = SimpleCertificateStore()
    store.register(x509.Certificate.load(der(root())))
    signer = signers.SimpleSigner(
        signing_cert=x509.Certificate.load(der(identity)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
    metadata = signers.PdfSignatureMetadata(
        field_name="Signature",
        md_algorithm="sha256",
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    done = signers.sign_pdf(writer, metadata, signer=signer, timestamper=stamper())
    return bytes(done.getvalue())
