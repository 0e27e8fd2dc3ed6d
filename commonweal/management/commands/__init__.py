"""Management commands: thin faces over the services."""
