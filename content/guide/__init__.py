"""The guide: articles, terms and first aid to read and to search, in every language."""
