"""What goes wrong on purpose, each with a figure: short in the suite, whole with ``make faults``."""
