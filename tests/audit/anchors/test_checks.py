"""Anchors that settings name wrongly."""

import pytest

from audit.anchors import anchor
from audit.anchors.checks import check_anchors

pytestmark = [pytest.mark.unit]


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ([], ["audit.W010"]),
        (["file"], []),
        (["file", "pigeon"], ["audit.E010"]),
        (["email", "timestamp"], ["audit.E011", "audit.E011"]),
    ],
)
def test_anchors_that_do_not_exist_or_lack_a_setting_are_refused(settings, names, found):
    settings.AUDIT_ANCHORS = names
    assert [fault.id for fault in check_anchors()] == found


def test_an_anchor_that_does_not_exist_has_no_module():
    with pytest.raises(LookupError):
        anchor("pigeon")
