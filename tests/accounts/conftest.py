from tests.accounts.fixtures import english, system

__all__ = ["english", "system"]
