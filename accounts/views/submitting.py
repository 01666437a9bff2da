"""One way to post a form: the verb judges what the form let through, and what was typed stays."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _


def typed(request) -> tuple[Any, Any]:
    """What a form is made of: the posted fields and files, or nothing before it is posted."""
    return (request.POST, request.FILES) if request.method == "POST" else (None, None)


def kept(form, act):
    """Whether the form holds and `act` went through; else the form carries the sentences."""
    if not form.is_valid():
        return False
    try:
        with transaction.atomic():
            act(form)
    except ValidationError as refused:
        _tell(form, refused)
        return False
    except IntegrityError:
        form.add_error(None, _("Somebody recorded the same a moment ago. Look before you go on."))
        return False
    return True


def _tell(form, refused):
    """Say each sentence at its field, or above the form where it has no such field."""
    if not hasattr(refused, "error_dict"):
        form.add_error(None, refused)
        return
    for name, errors in refused.error_dict.items():
        form.add_error(name if name in form.fields else None, errors)
