"""Pages for operations, access teams and controllers."""
