"""Time stamps (RFC 3161): by an authority of our own, or by the one that settings name."""

import datetime
import secrets
from functools import lru_cache
from typing import Any

from asn1crypto import algos, cms, core, tsp  # type: ignore[import-untyped]
from asn1crypto import x509 as asn1
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.conf import settings
from django.utils.translation import gettext as _
from pyhanko.sign.general import as_signing_certificate_v2, simple_cms_attribute
from pyhanko.sign.timestamps import DummyTimeStamper, TimeStamper

from .authority import Identity, der, root, time_stamper
from .calling import CallFailed, post

# An arc of examples (ITU-T X.660): our stamps promise nothing that a policy document describes.
POLICY = "2.999.1"
QUERY = "application/timestamp-query"


def stamper() -> TimeStamper:
    """Who stamps now: the authority at `TSA_URL`, else our own.

    Raises NoAuthority before set-up.
    """
    return OutsideStamper(settings.TSA_URL) if settings.TSA_URL else _own(time_stamper())


def is_outside() -> bool:
    """Whether stamps come from an authority that is not ours: then they are worth keeping long."""
    return bool(settings.TSA_URL)


@lru_cache(maxsize=4)
def _own(identity: Identity) -> "OwnStamper":
    """Kept: each new one would first make a stamp only to see how large it becomes."""
    return OwnStamper(identity)


class OutsideStamper(TimeStamper):
    """Asks an authority over HTTP, within a time limit."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.url = url

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        """Its answer; raises OSError where there is none that can be read."""
        try:
            answer = post(self.url, req.dump(), QUERY, seconds=settings.TSA_SECONDS)
        except CallFailed as error:
            raise OSError(str(error)) from error
        if answer.status != 200:
            raise OSError(_("it answered with the status %s") % answer.status)
        return tsp.TimeStampResp.load(answer.body)


class OwnStamper(DummyTimeStamper):
    """Stamps in this process with an elliptic key, which pyHanko's own does not take."""

    def __init__(self, identity: Identity) -> None:
        super().__init__(asn1.Certificate.load(der(identity)), None)
        self.key = identity.key
        self.certs_to_embed = [asn1.Certificate.load(der(root()))]

    def _build_tst_info(
        self, message_imprint: tsp.MessageImprint, dt: datetime.datetime, req: tsp.TimeStampReq
    ) -> tsp.TSTInfo:
        fields: dict[str, Any] = {
            "version": "v1",
            "policy": POLICY,
            "message_imprint": message_imprint,
            "serial_number": secrets.randbits(63),
            "gen_time": datetime.datetime.now(datetime.UTC).replace(microsecond=0),
        }
        if req["nonce"].native is not None:
            fields["nonce"] = req["nonce"]
        return tsp.TSTInfo(fields)

    def _sign_tst_info(
        self, tst_info_data: bytes, md_algorithm: str, dt: datetime.datetime
    ) -> tuple[bytes, cms.CMSAttributes]:
        digest = hashes.Hash(hashes.SHA256())
        digest.update(tst_info_data)
        now = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
        attributes = cms.CMSAttributes(
            [
                simple_cms_attribute("content_type", "tst_info"),
                simple_cms_attribute("signing_time", cms.Time({"utc_time": core.UTCTime(now)})),
                simple_cms_attribute(
                    "signing_certificate_v2", as_signing_certificate_v2(self.tsa_cert)
                ),
                simple_cms_attribute("message_digest", digest.finalize()),
            ]
        )
        return self.key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())), attributes

    def _build_signed_data(
        self,
        tst_info_data: bytes,
        md_algorithm: str,
        signature: bytes,
        signed_attrs: cms.CMSAttributes,
    ) -> dict[str, Any]:
        data = super()._build_signed_data(tst_info_data, "sha256", signature, signed_attrs)
        data["digest_algorithms"] = [algos.DigestAlgorithm({"algorithm": "sha256"})]
        data["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm(
            {"algorithm": "sha256_ecdsa"}
        )
        return data
