from hypothesis import settings

from tests.accounts.fixtures import english, system

__all__ = ["english", "system"]

# A shared machine is slow at times; that is no fault of the property.
settings.register_profile("payung", deadline=None)
settings.load_profile("payung")
