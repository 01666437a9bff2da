"""The page that says how the signing of a numbered document stands, and takes a signature."""

import logging

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables

from approvals.refusals import NotAllowed, NotFound
from legal_basis import drafting
from legal_basis.issuing import WrongAnswer, sign_in_person
from legal_basis.legal_section import check_legal_section, sits_in_legal_section
from legal_basis.models import Instrument
from legal_basis.signing import Need, SigningError, label_of, need_of
from legal_basis.ways import change_way
from legal_basis.wet_ink import waiting_scan

from ..access import visible_case
from ..locking import brief_transaction
from ..signing_forms import PassphraseForm, ScanForm, WayForm

log = logging.getLogger(__name__)
Status = Instrument.Status


@sensitive_post_parameters()
@sensitive_variables()
@never_cache
@login_required
def sign(request, code):
    """How the signing stands; a POST of whoever is next signs with NIK and passphrase."""
    case = visible_case(request.user, code)
    instrument = numbered_instrument(case)
    form, errors = PassphraseForm(_sent(request)), []
    if request.method == "POST":
        _check_signer(request.user, instrument)
        if form.is_valid():
            errors = _signed(request, instrument, form)
            if not errors:
                return redirect("instrument_sign", case.code)
    status = 422 if errors or form.errors else 200
    context = signing_context(request.user, case, instrument) | {"form": form, "errors": errors}
    return render(request, "workflow/signing.html", context, status=status)


def _sent(request):
    return request.POST if request.method == "POST" else None


def _signed(request, instrument, form):
    """Call the service outside of any transaction; what it refuses is told as a sentence."""
    try:
        new = sign_in_person(request.user, instrument.pk, form.credentials)
    except ValidationError as refused:
        return refused.messages
    except (SigningError, WrongAnswer) as refused:
        log.warning("%s: not signed: %s", instrument.subject_code, type(refused).__name__)
        return [str(refused)]
    done = _("Signed.") if new else _("It was signed before; nothing was signed twice.")
    messages.success(request, done)
    return []


def _check_signer(user, instrument):
    if not instrument.signatures.filter(person=user).exists():
        raise NotAllowed(_("Only those who are planned to sign this document may sign it."))


def numbered_instrument(case):
    """The instrument of the case that has its number; raises NotFound."""
    instrument = drafting.current_instrument(case.innovation)
    if instrument is None or not instrument.number:
        raise NotFound(_("There is no numbered instrument yet."))
    return instrument


def signing_context(user, case, instrument):
    """What the page shows: the state in one word, the signatures, and what the reader can do."""
    rows = list(instrument.signatures.select_related("person"))
    following = next((row for row in rows if row.signed_id is None), None)
    need = need_of(instrument.signing_way)
    section, state = sits_in_legal_section(user), _state(instrument, need)
    scan = waiting_scan(instrument) if section and state == "paper" else None
    return {
        "case": case,
        "instrument": instrument,
        "way": label_of(instrument.signing_way),
        "rows": rows,
        "following": following,
        "state": state,
        "mine": state == "passphrase" and following is not None and following.person == user,
        "section": section,
        "scan": scan,
        "own_scan": scan is not None and scan.uploaded_by_id == user.pk,
        "scan_form": ScanForm(),
        "refused": instrument.scans.filter(accepted=False).order_by("pk").last(),
        "may_change": section and state not in ("issued", "cancelled"),
    }


def _state(instrument, need):
    if instrument.status in (Status.ISSUED, Status.CANCELLED, Status.FAILED):
        return str(instrument.status)
    if instrument.status == Status.NUMBERED:
        return "printing"
    return {Need.NOTHING: "printing", Need.PASSPHRASE: "passphrase", Need.SCAN: "paper"}[need]


@login_required
def way(request, code):
    """The legal section lets a document be signed another way."""
    case = visible_case(request.user, code)
    check_legal_section(request.user)
    instrument = numbered_instrument(case)
    form = WayForm(_sent(request), initial={"way": instrument.signing_way})
    if request.method == "POST" and form.is_valid():
        try:
            with brief_transaction():
                change_way(request.user, instrument, **form.cleaned_data)
        except ValidationError as refused:
            form.add_error(None, refused)
        else:
            messages.success(request, _("It is printed anew, with the same number."))
            return redirect("instrument_sign", case.code)
    context = {"case": case, "form": form, "instrument": instrument}
    return render(request, "workflow/way.html", context, status=422 if form.errors else 200)
