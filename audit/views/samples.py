"""Random samples: drawing one, and showing that the same seed draws the same again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.addresses import asked, number
from accounts.views.submitting import kept

from ..auditors import check_audits, check_reads, is_auditor
from ..forms import SampleForm
from ..models import Sample
from ..sampling import draw_again, draw_sample
from ..telling import titles_of

PAGE = 25
BIGGEST_NUMBER = 2**63 - 1


@login_required
def samples(request):
    """The samples that were drawn; a POST draws one, from a question if the address has one."""
    check_reads(request.user)
    form = SampleForm(initial={"query": asked(request.GET).get("query", ""), "size": 10})
    if request.method == "POST":
        check_audits(request.user)
        form, made = SampleForm(request.POST), []
        if kept(form, lambda form: made.append(draw_sample(request.user, **form.cleaned_data))):
            messages.success(request, _("The sample is drawn and recorded."))
            return redirect("audit_sample", made[0].pk)
    found = Sample.objects.select_related("drawn_by")
    if before := number(asked(request.GET).get("cursor", "")):
        found = found.filter(pk__lt=before)
    rows = list(found[: PAGE + 1])
    context = {
        "samples": rows[:PAGE],
        "next_cursor": rows[PAGE - 1].pk if len(rows) > PAGE else "",
        "form": form,
        "query": form["query"].value(),
        "audits": is_auditor(request.user),
    }
    return render(request, "audit/samples.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def sample(request, pk):
    """One sample: its seed, its population, its cases, and the same draw repeated now."""
    check_reads(request.user)
    found = get_object_or_404(Sample.objects.select_related("drawn_by"), pk=min(pk, BIGGEST_NUMBER))
    again, titles = draw_again(found), titles_of(found.codes)
    context = {
        "sample": found,
        "again": again,
        "same_population": again.population_hash == found.population_hash,
        "same_codes": again.codes == found.codes,
        "cases": [(code, titles.get(code, "")) for code in found.codes],
        "audits": is_auditor(request.user),
    }
    return render(request, "audit/sample.html", context)
