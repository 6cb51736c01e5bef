"""Pages for people to look at, each one file that loads nothing."""
