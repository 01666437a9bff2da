"""Cases of the regency that stand at several stages."""

from tests.workflow.conftest import at, english, regency, system, walked

__all__ = ["at", "english", "regency", "system", "walked"]
