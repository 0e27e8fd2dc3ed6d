"""What the fund and its people say to each other: e-mails, messages, the contact log, and a calendar of due dates."""
