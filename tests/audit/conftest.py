from tests.workflow.conftest import at, english, regency, walked

__all__ = ["at", "english", "regency", "walked"]
