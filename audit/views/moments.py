"""Time travel: a case as it was at a moment, as an office saw it, and two moments compared."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from accounts.addresses import number
from accounts.models import Office
from workflow.opening import opened_case
from workflow.templatetags.payung import moment as in_words

from ..auditors import sees_everything
from ..comparing import differences_between
from ..moment_forms import MomentForm, PairForm, written
from ..moments import moment_of
from ..seeing import CaseThen
from ..showing import concerned_offices, files_then, sections_then, stage_then
from ..stops import neighbours, place_of, stations_of, stops_of, thinned


@login_required
@require_safe
def case_moment(request, code):
    """The case as of `?at=` (its last change unless said), through the eyes of `?office=`."""
    case = opened_case(request.user, code)
    stops = stops_of(case.innovation_id)
    if "step" in request.GET:
        return redirect(_moved(request, case, thinned(stops)))
    asked = {"at": request.GET.get("at") or written(stops[-1])}
    asked["office"] = request.GET.get("office")
    form = MomentForm(asked, may_look_as=sees_everything(request.user))
    if not form.is_valid():
        context = {"case": case, "form": form} | _slider(case, stops, stops[-1])
        return render(request, "audit/moment.html", context, status=422)
    at = form.cleaned_data["at"]
    context = {"case": case, "form": form, "at": at, "query": _query(form)}
    context |= _slider(case, stops, at) | _then(case, at, form.cleaned_data.get("office"))
    return render(request, "audit/moment.html", context)


@login_required
@require_safe
def case_compare(request, code):
    """What differs between `?a=` and `?b=`: between first and last change unless said."""
    case = opened_case(request.user, code)
    stops = stops_of(case.innovation_id)
    ends = {"a": stops[0], "b": stops[-1]}
    form = PairForm({key: request.GET.get(key) or written(end) for key, end in ends.items()})
    context = {"case": case, "form": form}
    if not form.is_valid():
        return render(request, "audit/compare.html", context, status=422)
    chosen = sorted([form.cleaned_data["a"], form.cleaned_data["b"]])
    before, after = (moment_of(case.innovation_id, at) for at in chosen)
    context |= {
        "before": before,
        "after": after,
        "differences": differences_between(before, after),
    }
    return render(request, "audit/compare.html", context)


def _moved(request, case, stops):
    """The address of the moment at which the slider was left."""
    step = min(number(request.GET["step"]) or 0, len(stops) - 1)
    wanted = {"at": written(stops[step]), "slid": "1"}
    if office := request.GET.get("office"):
        wanted["office"] = office
    return f"{reverse('case_moment', args=[case.code])}?{urlencode(wanted)}"


def _query(form):
    """What goes along with every link to another moment."""
    office = form.cleaned_data.get("office")
    return f"&{urlencode({'office': office.pk})}" if office else ""


def _slider(case, stops, at):
    few, stations = thinned(stops), stations_of(case, stops)
    before, after = neighbours(stops, at)
    return {
        "stations": stations,
        "step": place_of(few, at),
        "last_step": len(few) - 1,
        "labels": "|".join(_label(stop, stations) for stop in few),
        "before": before,
        "after": after,
        "is_latest": at >= stops[-1],
    }


def _label(stop, stations):
    """What the slider says where it stands: the moment, and the stage."""
    stage = next((one.stage for one in reversed(stations) if one.at <= stop), "")
    return " · ".join(part for part in (in_words(stop), stage) if part).replace("|", "/")


def _then(case, at, office):
    """What was recorded, as far as the office could open it."""
    moment = moment_of(case.innovation_id, at)
    here = next((one for one in moment.of("workflow.Case") if one.pk == case.pk), None)
    if here is None:
        return {"nothing": True}
    then = CaseThen(moment, here)
    named = concerned_offices(moment)
    held = then.holders.authorities(named)
    context = {
        "case_then": here,
        "innovation": then.innovation,
        "stage": stage_then(here.stage),
        "held": [(one, held[one.pk]) for one in named],
    }
    if office is not None:
        office = moment.names.rows(Office, [office.pk])[office.pk]
        context["sight"] = sight = then.seen_by(office)
        if not sight.opens:
            return context
    return context | {
        "waiting": then.waiting(),
        "sections": sections_then(moment),
        "files": files_then(moment),
        "opens": True,
    }
