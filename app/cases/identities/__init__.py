"""Who participants are: names that come in and stay sealed, are compared unseen, and are opened by custodians for a reason."""
