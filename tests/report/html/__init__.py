"""The page: what it says, that no text of the data becomes markup, and how a browser shows it."""
