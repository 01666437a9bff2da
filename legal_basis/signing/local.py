"""PAdES with a certificate of the regency's own authority: B-T with our own time stamps, B-LTA
with those of an outside authority.

The first signature certifies that nothing but the planned further ones may follow; the last one
locks the document.
"""

import io
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import serialization
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..authority import Identity, NoAuthority, der, identity_of, revocation_list, root
from ..trust import trusted
from . import Credentials, Need, SignatureRequest, SigningError

if TYPE_CHECKING:
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.fields import SigFieldSpec

LABEL = gettext_lazy("Certificate of the regency, without a passphrase")
NEEDS = Need.NOTHING
FIELD = "Penandatangan"
DIGEST = "sha256"


def sign(
    document: bytes, request: SignatureRequest, _credentials: Credentials | None = None
) -> bytes:
    """Append an invisible signature; the visible block was drawn by the layout."""
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign import signers

    from ..timestamping import stamper

    try:
        signer = signers.PdfSigner(
            signers.PdfSignatureMetadata(**_metadata(request)),
            signer=_signer(identity_of(request.signatory, request.capacity)),
            timestamper=stamper(),
            new_field_spec=_field(request, 1) if request.order == 1 else None,
        )
        writer = IncrementalPdfFileWriter(io.BytesIO(document))
        if request.order == 1:
            _prepare_further(writer, request)
        signed = signer.sign_pdf(writer, existing_fields_only=request.order > 1)
    except NoAuthority as error:
        raise SigningError(str(error)) from error
    except Exception as error:
        raise SigningError(_("The document could not be signed: %s") % error) from error
    return bytes(signed.getvalue())


def _metadata(request: SignatureRequest) -> dict[str, Any]:
    from pyhanko.sign import fields

    last = request.order == request.planned
    return {
        "field_name": _field_name(request.order),
        "name": request.name,
        "location": request.place,
        "reason": request.reason,
        "md_algorithm": DIGEST,
        "subfilter": fields.SigSeedSubFilter.PADES,
        "certify": request.order == 1,
        "docmdp_permissions": fields.MDPPerm.NO_CHANGES if last else fields.MDPPerm.FILL_FORMS,
        **_lasting(),
    }


def _lasting() -> dict[str, Any]:
    """What makes a signature outlive its certificates (B-LTA), where an outside stamp allows it."""
    from asn1crypto import crl, x509  # type: ignore[import-untyped]
    from pyhanko.sign.signers.pdf_signer import DSSContentSettings, TimestampDSSContentSettings
    from pyhanko_certvalidator import ValidationContext

    from ..timestamping import is_outside

    if not is_outside():
        return {}
    context = ValidationContext(
        trust_roots=[x509.Certificate.load(found) for found in trusted().stamps],
        crls=[crl.CertificateList.load(revocation_list())],
        allow_fetching=True,
    )
    # What the last stamp needs goes in before it: it covers the whole file then.
    before = TimestampDSSContentSettings(include_vri=False, update_before_ts=True)
    return {
        "validation_context": context,
        "embed_validation_info": True,
        "use_pades_lta": True,
        "dss_settings": DSSContentSettings(include_vri=False, next_ts_settings=before),
    }


def _prepare_further(writer: "IncrementalPdfFileWriter", request: SignatureRequest) -> None:
    """The empty fields of the further signatures: a certified document gets no new ones."""
    from pyhanko.sign.fields import append_signature_field

    for order in range(2, request.planned + 1):
        append_signature_field(writer, _field(request, order))


def _field(request: SignatureRequest, order: int) -> "SigFieldSpec":
    from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec

    if order == 1 or order < request.planned:
        return SigFieldSpec(_field_name(order))
    return SigFieldSpec(
        _field_name(order),
        field_mdp_spec=FieldMDPSpec(FieldMDPAction.ALL),
        doc_mdp_update_value=MDPPerm.NO_CHANGES,
    )


def _field_name(order: int) -> str:
    return FIELD if order == 1 else f"{FIELD} {order}"


def _signer(identity: Identity):  # type: ignore[no-untyped-def]  # pyHanko is imported late
    from asn1crypto import keys, x509
    from pyhanko.sign import signers
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    key = identity.key.private_bytes(
        serialization.Encoding.DER,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    store = SimpleCertificateStore()
    store.register(x509.Certificate.load(der(root())))
    return signers.SimpleSigner(
        signing_cert=x509.Certificate.load(der(identity)),
        signing_key=keys.PrivateKeyInfo.load(key),
        cert_registry=store,
    )
