"""Instruments as data: their model, how authors write them, how they are compiled and scored."""
