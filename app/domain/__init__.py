"""Shared nouns of the standard and of the region, as plain immutable values; imports no other room."""
