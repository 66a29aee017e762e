"""Measurements: how much Merilo carries on this machine. Not shipped."""
