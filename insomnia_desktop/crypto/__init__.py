"""Keys, seals and proofs: bytes in, bytes out; no I/O and no clock."""
