"""What is raised for a setting that cannot be used."""


class ConfigError(Exception):
    """A setting cannot be used; the message is one line that says what to do."""
