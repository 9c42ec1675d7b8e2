"""Advances, payments, final settlement, and the booking of the shares that solidarity computed."""
