from tests.workflow.conftest import regency

__all__ = ["regency"]
