"""Settings: local (the default), test and production, all from environment variables."""
