"""The admins' chat: content and state of the service, from a phone. For everybody else it isn't there."""
