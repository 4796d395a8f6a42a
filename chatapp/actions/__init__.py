"""What a person can do: verbs. Each is one transaction, and they alone announce."""
