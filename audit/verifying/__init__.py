"""Recomputing everything that proves, and comparing it with everything that is stored."""
