"""Inbox (each bericht once), outbox (all that must leave, at least once) and postvak (what waits for a party)."""
