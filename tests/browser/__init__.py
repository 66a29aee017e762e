"""The browser face, in a real browser."""
