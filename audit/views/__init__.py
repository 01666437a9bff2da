"""The pages of those who look back on a case: thin, over what the ledger and history hold."""
