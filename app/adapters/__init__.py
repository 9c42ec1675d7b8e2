"""The world: database, broker, clock, crypto, log, and the servers that a bare machine lacks."""
