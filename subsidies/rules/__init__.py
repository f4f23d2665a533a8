"""Pure rules of the award: the amount, who qualifies, and what a ledger entry does to a funding line."""
