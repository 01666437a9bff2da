"""Files from outside: looked at, kept once under their hash, and never changed."""
