"""A synthetic region with berichten and deliberate faults, for demo and tests; everything in it but the names of the gemeenten is made up."""

from app.parties.generator.generate import GegenereerdBericht, GeneratedRegion, VerwachteFout, VerwachtWachten, generate, write_region

__all__ = ["GegenereerdBericht", "GeneratedRegion", "VerwachtWachten", "VerwachteFout", "generate", "write_region"]
