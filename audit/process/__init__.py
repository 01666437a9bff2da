"""How cases really travel: durations, variants, stops and conformance, and their event log."""
