"""The demo story: the Harbour & Hills Community Fund, told the same way every time."""
