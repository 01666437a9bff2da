"""What a policy may ask about a case: its facts, and the sets of people who stand near to it."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from .models import Outcome, SignOff

SIGNER = "signer:"


class Matter:
    """One case as its policies see it; a fact or a set of people is looked up when first asked.

    The floors above say how: `facts` and `people` name a function each, so that what no policy
    asks costs nothing. "signer:<stage>" is a set of people that is known here.
    """

    def __init__(
        self,
        process_id: int,
        *,
        facts: Mapping[str, Callable[[], Any]],
        people: Mapping[str, Callable[[], Iterable[int]]],
        labels: Callable[[], Mapping[str, str]] = dict,
    ) -> None:
        self.process_id = process_id
        self._facts = facts
        self._people = people
        self._labels = labels
        self._known: dict[str, Any] = {}

    def fact(self, name: str) -> Any:
        """The value of a fact, None where the case does not know it yet."""
        return self.once(f"fact:{name}", self._facts.get(name, lambda: None))

    def people(self, exclusion: str) -> frozenset[int]:
        """The keys of the people whom an exclusion means."""
        if exclusion.startswith(SIGNER):
            return self.once(exclusion, lambda: self._signers(exclusion.removeprefix(SIGNER)))
        return self.once(exclusion, lambda: frozenset(self._people[exclusion]()))

    def label(self, stage: str) -> str:
        """The name of a stage in the reader's language."""
        return self._labels().get(stage, stage)

    def forget_facts(self) -> None:
        """Look the facts up anew: the content of the case has changed."""
        self._known = {key: value for key, value in self._known.items() if key[:5] != "fact:"}

    def once(self, key: str, find: Callable[[], Any]) -> Any:
        """What `find` says, asked once for this case."""
        if key not in self._known:
            self._known[key] = find()
        return self._known[key]

    def _signers(self, stage: str) -> frozenset[int]:
        signed = SignOff.objects.filter(seat__process=self.process_id, seat__stage=stage)
        return frozenset(signed.exclude(outcome=Outcome.RECUSE).values_list("person", flat=True))
