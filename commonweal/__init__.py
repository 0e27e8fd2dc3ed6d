"""The Commonweal project: every way in, and what puts the apps together."""
