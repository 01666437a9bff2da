from tests.accounts.fixtures import clerk, english, files_folder, holder, on_the_day, system

__all__ = ["clerk", "english", "files_folder", "holder", "on_the_day", "system"]
