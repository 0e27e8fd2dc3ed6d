"""Direct Debit as rules: mandates, advance notice, the files that ask for money, and the codes that come back."""
