"""Community businesses, their places, and the good they do."""
