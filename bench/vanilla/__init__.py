"""The comparison: a flow of six steps wired as the manuals of its libraries show, nothing more."""
