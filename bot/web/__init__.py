"""The browser face: the same reception as Telegram's, seen through a page of our own."""
