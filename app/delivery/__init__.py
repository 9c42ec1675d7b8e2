"""Outgoing berichten: postvak, webhook and GGk envelope; answers awaited within their term."""
