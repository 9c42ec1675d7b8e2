"""Answers for readers: budgets, cost and outcomes, read from the ledger and the register."""
