"""What touches the world: settings, the reception, Telegram, the web, the command line."""
