"""The `solidair` command, one file a subcommand; each imports what it needs when it runs, so that `validate` starts at once."""
