"""A table as a CSV file for a Dutch spreadsheet: the form that files of the interface have too (`adapters.csvbestand`)."""

from app.adapters.csvbestand import Bedrag, csv_tekst, euro_cel

__all__ = ["Bedrag", "csv_tekst", "euro_cel"]
