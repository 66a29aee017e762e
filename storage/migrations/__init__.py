"""Migrations, one file a step. ``storage.database.HEAD`` names the newest."""
