"""Gemeenten, aanbieders, contracten, tarieven and budgetten of the region, all valid from and to a date."""
