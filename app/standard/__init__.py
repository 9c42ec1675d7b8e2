"""The standard as code: catalogue, reading, writing, answering, rules and code lists; pure."""
