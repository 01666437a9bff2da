"""PAdES B-B with a certificate of the regency's own authority, certified against any change."""

import io

from cryptography.hazmat.primitives import serialization
from django.utils.translation import gettext as _

from ..authority import Identity, NoAuthority, identity_of, root
from . import SignatureRequest, SigningError

FIELD = "Penandatangan"
DIGEST = "sha256"


def sign(document: bytes, request: SignatureRequest) -> bytes:
    """Append an invisible certification signature; the visible block was drawn by the layout."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import fields, signers

    try:
        identity = identity_of(request.signatory, request.capacity)
    except NoAuthority as error:
        raise SigningError(str(error)) from error
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        name=request.name,
        location=request.place,
        reason=request.reason,
        md_algorithm=DIGEST,
        subfilter=fields.SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=fields.MDPPerm.NO_CHANGES,
    )
    signer = signers.PdfSigner(
        metadata,
        signer=_signer(identity),
        new_field_spec=fields.SigFieldSpec(FIELD),
    )
    try:
        signed = signer.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(document)))
    except Exception as error:
        raise SigningError(_("The document could not be signed: %s") % error) from error
    return bytes(signed.getvalue())


def _signer(identity: Identity):  # type: ignore[no-untyped-def]  # pyHanko is imported late
    from asn1crypto import keys  # type: ignore[import-untyped]
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = identity.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = SimpleCertificateStore()
    store.register(_asn1(root()))
    return signers.SimpleSigner(
        signing_cert=_asn1(identity),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )


def _asn1(identity: Identity):  # type: ignore[no-untyped-def]
    from asn1crypto import x509

    return x509.Certificate.load(identity.certificate.public_bytes(serialization.Encoding.DER))
