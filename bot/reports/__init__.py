"""Pictures, reports and tables of results. Heavy work runs in a process of its own: see ``renderer``."""
