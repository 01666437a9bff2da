"""Sending a draft to a body outside the house, and taking its answer in.

The governor's review (fasilitasi) and the harmonisation by the ministry are practised for
regulations; whether they must be is not verified, so `settings.REQUIRED_REVIEWS` says it.
"""

import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.acting import verb
from accounts.files.storage import store
from accounts.files.uploads import CheckedUpload
from accounts.models import User
from accounts.offices import today

from .models import ExternalReview, Instrument

Result = ExternalReview.Result


@verb
def send_for_review(
    actor: User,
    instrument: Instrument,
    *,
    kind: str,
    body: str,
    sent_on: datetime.date,
    sent_letter: str,
) -> ExternalReview:
    """Record that an open draft has gone to a body outside; raises ValidationError."""
    if not instrument.is_open:
        raise ValidationError(_("Only a draft without a number is sent for review."))
    if sent_on > today():
        raise ValidationError({"sent_on": _("Sent on: this day is yet to come.")})
    if instrument.reviews.filter(kind=kind, returned_on=None).exists():
        raise ValidationError({"kind": _("Kind: such a review is under way already.")})
    return ExternalReview.objects.create(
        instrument=instrument, kind=kind, body=body, sent_on=sent_on, sent_letter=sent_letter
    )


@verb
def take_answer(
    actor: User,
    review: ExternalReview,
    *,
    returned_on: datetime.date,
    returned_letter: str,
    result: str,
    note: str = "",
    letter: CheckedUpload | None = None,
) -> ExternalReview:
    """Record what the body outside has answered, and when; raises ValidationError."""
    if review.returned_on is not None:
        raise ValidationError(_("The answer of this review is recorded already."))
    if not review.sent_on <= returned_on <= today():
        raise ValidationError(
            {"returned_on": _("Returned on: choose a day from the day of sending until today.")}
        )
    if result != Result.AGREED and not note:
        raise ValidationError({"note": _("Note: say in a sentence what the body asks for.")})
    review.returned_on, review.returned_letter = returned_on, returned_letter
    review.result, review.note = result, note
    if letter is not None:
        review.letter = store(letter.content, media_type=letter.media_type)
    review.save()
    return review


def review_problem(instrument: Instrument) -> str:
    """Why the draft cannot go on yet, as a sentence; empty when nothing is missing outside."""
    last = {review.kind: review for review in instrument.reviews.all()}
    required = settings.REQUIRED_REVIEWS.get(instrument.kind, ())
    for kind in dict.fromkeys([*required, *last]):
        if sentence := _problem(str(ExternalReview.Kind(kind).label), last.get(kind)):
            return sentence
    return ""


def _problem(label: str, last: ExternalReview | None) -> str:
    if last is None:
        return _("%s is still to be asked for.") % label
    if last.returned_on is None:
        return _("%(review)s is under way at %(body)s; its answer is not recorded.") % {
            "review": label,
            "body": last.body,
        }
    if last.result == Result.REFUSED:
        return _("%(review)s: %(body)s refused. Change the draft and send it again.") % {
            "review": label,
            "body": last.body,
        }
    return ""
