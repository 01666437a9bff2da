"""Tests of the house itself: pins, scripts, settings and the rules of style."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
