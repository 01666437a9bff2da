"""The flow as a picture: viewflow's own chart, marked with where the case has been."""

from django.core.cache import cache
from django.utils.translation import get_language
from viewflow.workflow import chart

from .models import Case


def svg_of(case: Case) -> str:
    """An SVG of the case's flow, its done and open tasks marked."""
    flow_class = case.flow_class
    key = f"chart:{case.pk}:{case.task_set.count()}:{case.stage}:{get_language()}"
    svg: str | None = cache.get(key)
    if svg is None:
        grid = chart.calc_layout_data(flow_class)
        chart.calc_cell_status(flow_class, grid, case.pk)
        svg = chart.grid_to_svg(grid)
        cache.set(key, svg, 3600)
    return svg
