"""Controleniveau 2, 3 and 4: bevindingen, verdict, changes, boekingen and answer in one transaction."""
