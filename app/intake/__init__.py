"""The door: bytes in and kept unaltered, sender known, controleniveau 1."""
