"""The picture beside the text of a draft, while somebody types it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from approvals.standing import refusal_of
from legal_basis.forms import InstrumentForm
from legal_basis.live_preview import typed_pdf
from legal_basis.rendering import RenderError

from ..desk import form_class_at, no_such_seat, seat_of
from ..explaining import explain_seat
from ..initials import initials_of
from ..opening import opened_case


@login_required
@require_POST
def draft_preview(request, code, seat):
    """The draft with what is typed now, as PDF; sentences where it cannot be shown.

    It is for whoever may draft at this seat today, and changes nothing.
    """
    case = opened_case(request.user, code)
    found = seat_of(case, seat)
    if form_class_at(found) is not InstrumentForm:
        raise no_such_seat()
    if not (answer := explain_seat(request.user, case, found)).allowed:
        raise refusal_of(answer)
    form = InstrumentForm(request.POST, innovation=case.innovation, actor=request.user)
    try:
        pdf = typed_pdf(form, initials_of(case.code))
    except ValidationError as error:
        return _sentences(error.messages)
    except RenderError as error:
        return _sentences([str(error)])
    return HttpResponse(pdf, content_type="application/pdf")


def _sentences(texts):
    return JsonResponse({"sentences": texts}, status=422)
