from tests.accounts.fixtures import english, files_folder

__all__ = ["english", "files_folder"]
