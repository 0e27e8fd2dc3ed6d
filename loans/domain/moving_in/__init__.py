"""What does another system say about its loans? Rows of a spreadsheet, read into what the engine goes on from.

Nothing here opens a file: rows come as texts, numbers and dates, and go as values, or as findings that name the row
and the column. `docs/moving-in.md` is the format.
"""
