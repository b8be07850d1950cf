"""Lengths, ranges and limits of protocol v1 (scope, 3.1 to 3.4 and 3.10)."""

from __future__ import annotations

from typing import Annotated

import msgspec

# JSON numbers that every language keeps exactly.
NUMBER_MAX = 2**53 - 1
Number = Annotated[int, msgspec.Meta(ge=0, le=NUMBER_MAX)]

# What a body may be.
JSON_DEPTH = 16
PLAINTEXT_DEPTH = 64
NAME_CHARACTERS = 100
EMAIL_CHARACTERS = 64 + 1 + 253
# As typed, before it is brought to its canonical form.
TYPED_EMAIL_CHARACTERS = 1024
USER_AGENT_CHARACTERS = 100
PLATFORMS = ("linux", "macos", "windows", "other")

Name = Annotated[str, msgspec.Meta(max_length=NAME_CHARACTERS)]
TypedEmail = Annotated[str, msgspec.Meta(max_length=TYPED_EMAIL_CHARACTERS)]

# Passwords, in code points after normalisation.
PASSWORD_MIN = 10
PASSWORD_MAX = 1024

# The one suite of version 1; never taken from the wire.
KDF_VERSION = 1
KDF_ALGORITHM = "pbkdf2-sha256"
ITERATIONS_MIN = 600_000
ITERATIONS_DEFAULT = 1_000_000
ITERATIONS_MAX = 10_000_000
SRP_GROUP = "2048"
SRP_HASH = "sha256"
KEY_VERSION = 1
FIRST_EPOCH = 1

# Lengths in bytes.
ID_BYTES = 16
SALT_BYTES = 16
HASH_BYTES = 32
SRP_BYTES = 256
TOKEN_BYTES = 32
INVITE_BYTES = 16
ACCOUNT_KEY_WRAP_BYTES = 93
SEALED_KEY_BYTES = 61
SIGNATURE_BYTES = 64
ED25519_PUBLIC_BYTES = 32
RSA_BITS = 3072
RSA_EXPONENT = 65537
# SubjectPublicKeyInfo of any RSA-3072 key with that exponent.
RSA_PUBLIC_BYTES = 422
# PKCS#8 of such a key is near 1,790 bytes; its integers may be some bytes shorter.
RSA_PRIVATE_WRAP_MIN = 1024
RSA_PRIVATE_WRAP_MAX = 4096
ENVELOPE_MIN = 289
PLAINTEXT_MAX = 16 * 1024 * 1024

# Server settings that /v1/version tells (3.10), and their defaults.
BLOB_BYTES = 1_048_576
BODY_BYTES = 4_194_304
PUSH_CHANGES = 500
PAGE_ROWS = 500
GROUP_RESOURCES = 50_000
ACCOUNT_GROUPS = 500
ACCOUNT_DEVICES = 50
ACCOUNT_QUOTA = 1 << 30

# Rates (3.10): a session's and an address's requests.
SESSION_REQUESTS_A_MINUTE = 600
SESSION_BURST = 300
SESSION_EVENT_STREAMS = 3
ADDRESS_TRIES_A_MINUTE = 30

# Failed proofs of one e-mail (3.3); seconds.
FAILURES_ALLOWED = 10
FAILURE_WINDOW = 15 * 60
FAILURE_WAITS = (15 * 60, 30 * 60, 60 * 60)
FAILURES_FORGOTTEN_AFTER = 2 * 60 * 60

# Lives (3.3); seconds.
HANDSHAKE_LIFE = 60
INVITE_LIFE = 7 * 86_400
SESSION_IDLE = 30 * 86_400
SESSION_ABSOLUTE = 180 * 86_400
SESSION_FRESH = 5 * 60
SESSION_USE_WRITTEN_EVERY = 60 * 60
