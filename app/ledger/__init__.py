"""Rekeningen, boekingen and saldi: every euro that moved, and why."""
