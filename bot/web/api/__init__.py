"""The content API: what an admin's chat does, for programs. docs/content-api.md tells how to use it."""

from bot.web.api.routes import add_content_api

__all__ = ["add_content_api"]
