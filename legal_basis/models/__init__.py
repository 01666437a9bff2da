"""Instruments, the law they rest on, the register that numbers them, and what becomes of them."""

from .copies import CertifiedCopy
from .instruments import GAZETTE, Instrument, LegalBasis, Stipulation
from .library import ClauseVersion, LibraryClause
from .publication import Publication
from .register import NumberSeries, RegisterEntry
from .relations import Consequence, LegalRelation
from .reviews import ExternalReview
from .signatures import Scan, Signature
from .sources import LegalSource, SourceAmendment

__all__ = [
    "GAZETTE",
    "CertifiedCopy",
    "ClauseVersion",
    "Consequence",
    "ExternalReview",
    "Instrument",
    "LegalBasis",
    "LegalRelation",
    "LegalSource",
    "LibraryClause",
    "NumberSeries",
    "Publication",
    "RegisterEntry",
    "Scan",
    "Signature",
    "SourceAmendment",
    "Stipulation",
]
