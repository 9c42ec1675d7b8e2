"""HTTP routes, shapes and problems."""
