"""Who funds the loans, in what share and rank."""
