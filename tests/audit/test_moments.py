import pytest
from django.utils import timezone
from audit.moments import moment_of
from tests.regency import settle_in, case_at
pytestmark = [pytest.mark.integration, pytest.mark.django_db]

def test_try(django_assert_max_num_queries):
    settle_in()
    case = case_at("done")
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    import time
    with CaptureQueriesContext(connection, ) as q:
        t=time.time()
        m = moment_of(case.innovation_id, timezone.now())
        print(time.time()-t)
    print(len(q), {k:len(v) for k,v in m.rows.items()})
    for x in q: print(x["time"], x["sql"][:150].replace("\n"," "), len(x["sql"]))
    from audit.registry import GOVERNED
    with CaptureQueriesContext(connection, ) as q:
        from audit.values import shown
        for g in GOVERNED:
            for r in m.of(g.label):
                for f in g.fields(): shown(f, r)
    for x in q: print(x["time"], x["sql"][:250].replace("\n"," "), len(x["sql"]))
    assert 0
