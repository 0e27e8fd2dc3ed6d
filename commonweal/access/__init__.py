"""People, roles and memberships: who may do what, to whose rows."""
