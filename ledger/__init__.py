"""Double entry: books, accounts, journal entries, periods and seals. Knows nothing of loans."""
