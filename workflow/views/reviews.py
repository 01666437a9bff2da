"""The page of the reviews that a draft takes outside the house."""

import mimetypes

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from accounts.files.serving import download
from legal_basis.legal_section import sits_in_legal_section
from legal_basis.models import ExternalReview

from ..external_reviews import DRAFTING, check_right, draft_of, send_out, take_back
from ..locking import brief_transaction
from ..opening import opened_case
from ..review_forms import AnswerForm, SendForm


@login_required
def reviews(request, code):
    """Where the draft is now and was before; the legal section sends it out and takes it back."""
    case = opened_case(request.user, code)
    if request.method == "POST":
        return _answered(request, case)
    return _page(request, case)


@login_required
def review_letter(request, code, pk):
    """The letter with which a body outside has answered."""
    case = opened_case(request.user, code)
    review = get_object_or_404(
        ExternalReview.objects.select_related("letter"),
        pk=pk,
        instrument__innovation=case.innovation,
        letter__isnull=False,
    )
    assert review.letter is not None
    extension = mimetypes.guess_extension(review.letter.media_type) or ""
    return download(review.letter, f"{review.returned_letter.replace('/', '-')}{extension}")


def _answered(request, case):
    """Do what the sent form asks for; what is refused is told beside what was typed."""
    check_right(request.user)
    number = request.POST.get("review", "")
    form = _sent_form(request, number)
    if form.is_valid():
        try:
            with brief_transaction():
                _act(request.user, case.code, number, form.cleaned_data)
            messages.success(request, _("Recorded. Everybody concerned sees where the draft is."))
            return redirect("reviews", case.code)
        except ValidationError as error:
            form.add_error(None, error)
    return _page(request, case, number, form, status=422)


def _sent_form(request, number):
    if number:
        return AnswerForm(request.POST, request.FILES, auto_id=_auto_id(number))
    return SendForm(request.POST)


def _act(person, code, number, data):
    if number:
        take_back(person, code, int(number) if number.isdecimal() else 0, **data)
    else:
        send_out(person, code, **data)


def _page(request, case, number="", form=None, status=200):
    instrument = draft_of(case)
    acts = sits_in_legal_section(request.user)
    out = [
        {
            "review": review,
            "form": _answer_form(review, number, form) if acts and not review.returned_on else None,
        }
        for review in instrument.reviews.select_related("letter").order_by("-pk")
    ]
    sends = acts and case.stage == DRAFTING and instrument.is_open
    context = {
        "case": case,
        "instrument": instrument,
        "reviews": out,
        "send": (form if form is not None and not number else SendForm()) if sends else None,
    }
    return render(request, "workflow/reviews.html", context, status=status)


def _answer_form(review, number, form):
    if form is not None and number == str(review.pk):
        return form
    return AnswerForm(auto_id=_auto_id(review.pk))


def _auto_id(number):
    """Two reviews may be out at once: the fields of each have names of their own on the page."""
    return f"id_{number}_%s"
