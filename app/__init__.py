"""Solidair: the hub that exchanges, checks, books and settles the berichten of iJw 3.2 and iWmo 3.2."""
