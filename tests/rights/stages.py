"""Every human stage of both flows, and what each kind of person is answered who decides there.

The seat is that of the person named. `signs`: the answer is recorded as a sign-off; a number is
the status, `in` the login page. The answer posted is complete and right at every stage.
"""

from .kinds import parsed

ANSWERS = {
    stage: (holder, cells)
    for (stage, holder), cells in parsed(
        """
stage        holder         anon stra init co_i secr pane unit fina draf rege insp laps acti supe admi
completeness sekretariat    in   404  403  403 signs 404  403  403  403  403  403  404  403  404  404
verification panel1         in   404  403  403  403 signs 403  403  403  403  403  404  403  404  404
trial        kepsek.smp     in   404  403  403  403  403 signs 403  403  403  403  404  403  404  404
alignment    perencanaan    in   404  403  403  403  403  403  403  403  403  403  404  403  404  404
commitment   kepsek.smp     in   404  403  403  403  403 signs 403  403  403  403  404  403  404  404
drafting     perancang1     in   404  403  403  403  403  403  403 signs 403  403  404  403  404  404
initialling  kepsek.smp     in   404  403  403  403  403 signs 403  403  403  403  404  403  404  404
signing      bupati         in   404  403  403  403  403  403  403  403 signs 403  404  403  404  404
publication  perancang1     in   404  403  403  403  403  403  403 signs 403  403  404  403  404  404
report       kepsek.smp     in   404  404  404  403  404 signs 403  403  403  403  404  403  404  404
evaluation   sekretariat    in   404  404  404 signs 404  403  403  403  403  403  404  403  404  404
decision     bappelitbangda in   404  404  404  403  404  403  403  403  403  403  404  403  404  404
revision     guru.smp       in   404  302  403  403  404  403  403  403  403  403  404  403  404  404
"""  # noqa: E501
    ).items()
}

STAGES = list(ANSWERS)
# In the order of the journey; a case is walked from one to the next.
JOURNEY = STAGES[: STAGES.index("revision")]
MONITORING = ("report", "evaluation", "decision")
# What the holder answers where the form of an approval need not be filled in.
OUTCOMES = {"alignment": "return", "commitment": "send_back", "drafting": "send_back"}
