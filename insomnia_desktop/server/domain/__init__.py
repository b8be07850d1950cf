"""What the endpoints do: sign-up, sign-in, sessions, credentials and recovery."""
