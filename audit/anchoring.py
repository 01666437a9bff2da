"""Signing what is new and handing it over: every minute, and with every instrument."""

import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from . import hindrances
from .anchors import Anchor, AnchorFailed, configured
from .checkpoints import Rewritten, make_checkpoint
from .keys import NoKey
from .lateness import tell_administrators
from .models import Checkpoint, Receipt

logger = logging.getLogger(__name__)

# An anchor that was away for long is given so many at a time.
MOST_AT_ONCE = 500


def anchor_new(occasion: str = "") -> None:
    """Make a checkpoint where something is new, hand over what waits, tell who must know.

    What fails is logged and remembered; the next turn tries it again.
    """
    _sign(occasion)
    for name, anchor in configured().items():
        _hand_over(name, anchor)
    tell_administrators()


@task(queue_name="default")
def anchor_now(occasion: str) -> None:
    """The job that the issuing of an instrument leaves behind."""
    anchor_new(occasion)


def instrument_was_issued(instrument: Any, **_: Any) -> None:
    """Receives `instrument_issued`, in its transaction."""
    if settings.AUDIT_ANCHORS:
        anchor_now.enqueue(f"{instrument.kind} {instrument.number}")


def _sign(occasion: str) -> None:
    try:
        make_checkpoint(occasion)
    except NoKey as error:
        _failed(hindrances.SIGNING, str(error))
    except Rewritten as error:
        _failed(
            hindrances.SIGNING,
            _("These chains no longer hold what the last checkpoint says: %s") % error,
        )
    else:
        hindrances.forget(hindrances.SIGNING)


def _hand_over(name: str, anchor: Anchor) -> None:
    for checkpoint in waiting_for(name, anchor):
        try:
            answer = anchor.hand_over(checkpoint)
        except AnchorFailed as error:
            _failed(name, str(error))
            return
        with transaction.atomic():
            Receipt.objects.get_or_create(
                checkpoint=checkpoint,
                anchor=name,
                defaults={"at": timezone.now(), "answer": answer},
            )
    hindrances.forget(name)


def waiting_for(name: str, anchor: Anchor) -> list[Checkpoint]:
    """The checkpoints that are to be handed to an anchor, in their order."""
    taken = last_taken(name)
    waiting = Checkpoint.objects.filter(number__gt=taken)
    if anchor.TAKES_ALL:
        return list(waiting.order_by("number")[:MOST_AT_ONCE])
    return list(waiting.order_by("-number")[:1])


def last_taken(name: str) -> int:
    """The number of the newest checkpoint that an anchor has taken; 0 for none."""
    taken = Receipt.objects.filter(anchor=name).order_by("-checkpoint__number")
    return taken.values_list("checkpoint__number", flat=True).first() or 0


def _failed(name: str, reason: str) -> None:
    logger.error("Anchoring, %s: %s", name, reason)
    hindrances.note(name, reason)
