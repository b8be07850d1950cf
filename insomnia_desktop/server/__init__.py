"""The sync server; it shares base, protocol and crypto with the client and knows nothing else of it."""
