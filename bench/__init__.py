"""Benchmarks: what a sign-off, an inbox page, a whole journey and a decree cost."""
