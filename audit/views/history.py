"""The history of a case: every version of every row in one time line, and what differs."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from workflow.opening import opened_case

from ..history import (
    Place,
    contents,
    differences,
    label_of_model,
    timeline,
    title_of,
    versions_of_row,
)
from ..registry import governed_by_key, versions_of

MOST_VERSIONS = 100
BIGGEST_NUMBER = 2**63 - 1


@login_required
@require_safe
def case_history(request, code):
    """Who wrote what when, the newest first; `?cursor=` goes on behind the last one shown."""
    case = opened_case(request.user, code)
    try:
        after = Place.parse(cursor) if (cursor := request.GET.get("cursor")) else None
    except ValueError:
        raise BadRequest("The place in the history is not one of ours.") from None
    acts, following = timeline(case.innovation_id, after)
    context = {"case": case, "acts": acts, "next_cursor": following}
    return render(request, "audit/history.html", context)


@login_required
@require_safe
def case_diff(request, code, model, a, b):
    """What differs between two versions of one row; one version alone is shown as it was."""
    case = opened_case(request.user, code)
    governed = governed_by_key(model)
    if governed is None or max(a, b) > BIGGEST_NUMBER:
        raise Http404(model)
    if {"a", "b"} <= request.GET.keys():
        return _chosen(request, code, model)
    of_case = versions_of(governed, case.innovation_id).filter(pk__in={a, b})
    found = {row.pk: row for row in of_case.select_related(*governed.related())}
    if found.keys() != {a, b}:
        raise Http404("no such version")
    old, new = found[min(a, b)], found[max(a, b)]
    versions = versions_of_row(governed, new)
    if not versions.filter(pk=old.pk).exists():
        raise Http404("versions of two rows")
    context = {
        "case": case,
        "label": label_of_model(governed),
        "title": title_of(governed, new),
        "old": old,
        "new": new,
        "changes": contents(governed, new) if a == b else differences(governed, old, new),
        "versions": versions[:MOST_VERSIONS],
    }
    return render(request, "audit/diff.html", context)


def _chosen(request, code, model):
    try:
        pair = int(request.GET["a"]), int(request.GET["b"])
    except ValueError:
        raise BadRequest("Choose two versions of the list.") from None
    if min(pair) < 0:
        raise BadRequest("Choose two versions of the list.")
    return redirect("case_diff", code, model, *pair)
