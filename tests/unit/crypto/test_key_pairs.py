"""RSA and Ed25519 pairs: wraps, public halves, the signed bundle, and keys that must be refused."""

from __future__ import annotations

import hashlib
from functools import cache

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from insomnia_desktop.crypto.errors import InvalidPeerValue, Undecryptable
from insomnia_desktop.crypto.key_pairs import (
    Kind,
    PrivateKeys,
    PublicKeys,
    bundle,
    check_public_keys,
    fingerprint,
    make_private_keys,
    open_private_keys,
    public_half,
    sign_bundle,
    unwrap_private_key,
    verify_bundle,
    wrap_private_key,
)
from tests.support.vectors import ACCOUNT_ID, ACCOUNT_KEY, EMAIL, V1, flipped, h

PRIVATE = PrivateKeys(h(V1["rsa"]["private_pkcs8"]), h(V1["ed25519"]["private_seed"]))
PUBLIC = PublicKeys(h(V1["rsa"]["public_spki"]), h(V1["ed25519"]["public"]))
RSA_WRAP, ED25519_WRAP = h(V1["rsa"]["wrap"]), h(V1["ed25519"]["wrap"])
SIGNATURE = h(V1["bundle"]["bundle_sig"])
# RFC 8032, 7.1, test 1.
RFC_SEED = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"
RFC_PUBLIC = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"


@cache
def fresh() -> PrivateKeys:
    """Return one fresh pair for all tests: primes take a while."""
    return make_private_keys()


@cache
def other_rsa(bits: int, exponent: int) -> rsa.RSAPrivateKey:
    """Return an RSA key of another kind."""
    return rsa.generate_private_key(exponent, bits)


def spki(key: rsa.RSAPrivateKey | ed25519.Ed25519PrivateKey) -> bytes:
    """Return a public half as DER."""
    return key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_the_published_wraps(kind: Kind) -> None:
    raw, wrap = (PRIVATE.rsa, RSA_WRAP) if kind == "rsa" else (PRIVATE.ed25519, ED25519_WRAP)
    assert wrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, kind, raw, 1, h(V1[kind]["nonce"])) == wrap
    assert unwrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, kind, wrap) == raw


def test_the_published_public_halves_and_bundle() -> None:
    assert public_half(PRIVATE) == PUBLIC
    signed = bundle(ACCOUNT_ID, EMAIL, PUBLIC)
    assert hashlib.sha256(signed).hexdigest() == V1["bundle"]["signed_bytes_sha256"]
    assert fingerprint(signed).hex() == V1["bundle"]["fingerprint"]
    assert sign_bundle(PRIVATE, signed) == SIGNATURE
    assert verify_bundle(PUBLIC.ed25519, signed, SIGNATURE)


def test_ed25519_is_that_of_rfc_8032() -> None:
    private = PrivateKeys(PRIVATE.rsa, h(RFC_SEED))
    assert public_half(private).ed25519.hex() == RFC_PUBLIC
    assert sign_bundle(private, b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24"
        "655141438e7a100b"
    )


def test_no_changed_bit_of_a_wrap_opens() -> None:
    for bit in range(len(ED25519_WRAP) * 8):
        with pytest.raises(Undecryptable):
            unwrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, "ed25519", flipped(ED25519_WRAP, bit))
    for bit in range(len(RSA_WRAP) * 8):
        with pytest.raises(Undecryptable):
            unwrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, "rsa", flipped(RSA_WRAP, bit))


def test_another_context_opens_nothing() -> None:
    with pytest.raises(Undecryptable):
        unwrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, "rsa", ED25519_WRAP)
    with pytest.raises(Undecryptable):
        unwrap_private_key(ACCOUNT_KEY, bytes(16), "ed25519", ED25519_WRAP)
    with pytest.raises(Undecryptable):
        unwrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, "ed25519", ED25519_WRAP, kv=2)
    with pytest.raises(Undecryptable):
        unwrap_private_key(bytes(32), ACCOUNT_ID, "ed25519", ED25519_WRAP)
    with pytest.raises(Undecryptable):
        unwrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, "ed25519", b"")


def test_a_signature_holds_for_one_bundle_and_one_key() -> None:
    signed = bundle(ACCOUNT_ID, EMAIL, PUBLIC)
    others = (
        bundle(bytes(16), EMAIL, PUBLIC),
        bundle(ACCOUNT_ID, "bob@example.com", PUBLIC),
        bundle(ACCOUNT_ID, EMAIL, PublicKeys(PUBLIC.rsa[:-1] + b"\0", PUBLIC.ed25519)),
        bundle(ACCOUNT_ID, EMAIL, PublicKeys(PUBLIC.rsa, bytes(32))),
        bundle(ACCOUNT_ID, EMAIL, PUBLIC, kv=2),
    )
    assert not any(verify_bundle(PUBLIC.ed25519, other, SIGNATURE) for other in others)
    for signature in (b"", SIGNATURE[:-1], SIGNATURE + b"\0", bytes(64), flipped(SIGNATURE, 7)):
        assert not verify_bundle(PUBLIC.ed25519, signed, signature)
    for key in (b"", PUBLIC.ed25519[:-1], bytes(32), h(RFC_PUBLIC), b"\xff" * 32):
        assert not verify_bundle(key, signed, SIGNATURE)


def test_fresh_pairs_are_of_the_one_kind() -> None:
    private = fresh()
    public = public_half(private)
    check_public_keys(public)
    assert len(public.rsa) == 422
    assert len(private.ed25519) == len(public.ed25519) == 32
    signed = bundle(ACCOUNT_ID, EMAIL, public)
    assert verify_bundle(public.ed25519, signed, sign_bundle(private, signed))
    assert repr(private) == "PrivateKeys()"


def _refused(public: PublicKeys) -> str:
    """Return the field that is named, "" for keys that are taken."""
    try:
        check_public_keys(public)
    except InvalidPeerValue as error:
        return str(error)
    return ""


def test_other_public_keys_are_refused_by_name() -> None:
    assert _refused(PUBLIC) == ""
    parameters_missing = PUBLIC.rsa.replace(h("300d06092a864886f70d0101010500"), h("300b06092a864886f70d010101"), 1)
    refused = {
        "none": b"",
        "text": b"not DER",
        "2048 bits": spki(other_rsa(2048, 65537)),
        "e = 3": spki(other_rsa(3072, 3)),
        "another algorithm": spki(ed25519.Ed25519PrivateKey.generate()),
        "cut": PUBLIC.rsa[:-1],
        "longer": PUBLIC.rsa + b"\0",
        "an unknown algorithm": PUBLIC.rsa.replace(h("2a864886f70d010101"), h("2a864886f70d010163"), 1),
        "another spelling": parameters_missing[:2] + (0x1A0).to_bytes(2, "big") + parameters_missing[4:],
    }
    for name, key in refused.items():
        assert _refused(PublicKeys(key, PUBLIC.ed25519)) == "rsa_public", name
    for key in (b"", PUBLIC.ed25519[:-1], PUBLIC.ed25519 + b"\0"):
        assert _refused(PublicKeys(PUBLIC.rsa, key)) == "ed25519_public"


def test_private_bytes_that_are_none_are_undecryptable() -> None:
    pkcs8 = ed25519.Ed25519PrivateKey.generate().private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    for private in (
        PrivateKeys(b"", PRIVATE.ed25519),
        PrivateKeys(PRIVATE.rsa[:-1], PRIVATE.ed25519),
        PrivateKeys(pkcs8, PRIVATE.ed25519),
        PrivateKeys(PRIVATE.rsa, bytes(31)),
    ):
        with pytest.raises(Undecryptable):
            public_half(private)


def test_the_keys_of_an_account_open_when_everything_fits() -> None:
    assert open_private_keys(ACCOUNT_KEY, ACCOUNT_ID, EMAIL, PUBLIC, RSA_WRAP, ED25519_WRAP, SIGNATURE) == PRIVATE


def test_the_keys_of_an_account_do_not_open_when_anything_differs() -> None:
    stranger = fresh()
    strange = public_half(stranger)
    own_wraps = {
        "rsa": wrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, "rsa", stranger.rsa),
        "ed25519": wrap_private_key(ACCOUNT_KEY, ACCOUNT_ID, "ed25519", stranger.ed25519),
    }
    small = other_rsa(2048, 65537)
    small_wrap = wrap_private_key(
        ACCOUNT_KEY, ACCOUNT_ID, "rsa", small.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    )
    small_public = PublicKeys(spki(small), PUBLIC.ed25519)
    small_signature = sign_bundle(PRIVATE, bundle(ACCOUNT_ID, EMAIL, small_public))
    cases = {
        "another account key": (bytes(32), EMAIL, PUBLIC, RSA_WRAP, ED25519_WRAP, SIGNATURE),
        "another e-mail": (ACCOUNT_KEY, "bob@example.com", PUBLIC, RSA_WRAP, ED25519_WRAP, SIGNATURE),
        "public keys of somebody else": (ACCOUNT_KEY, EMAIL, strange, RSA_WRAP, ED25519_WRAP, SIGNATURE),
        "another RSA pair": (ACCOUNT_KEY, EMAIL, PUBLIC, own_wraps["rsa"], ED25519_WRAP, SIGNATURE),
        "another Ed25519 pair": (ACCOUNT_KEY, EMAIL, PUBLIC, RSA_WRAP, own_wraps["ed25519"], SIGNATURE),
        "no signature": (ACCOUNT_KEY, EMAIL, PUBLIC, RSA_WRAP, ED25519_WRAP, b""),
        "another signature": (ACCOUNT_KEY, EMAIL, PUBLIC, RSA_WRAP, ED25519_WRAP, bytes(64)),
        "wraps exchanged": (ACCOUNT_KEY, EMAIL, PUBLIC, ED25519_WRAP, RSA_WRAP, SIGNATURE),
        "a small RSA key": (ACCOUNT_KEY, EMAIL, small_public, small_wrap, ED25519_WRAP, small_signature),
    }
    opened = []
    for name, (key, email, public, rsa_wrap, ed25519_wrap, signature) in cases.items():
        try:
            open_private_keys(key, ACCOUNT_ID, email, public, rsa_wrap, ed25519_wrap, signature)
        except Undecryptable:
            continue
        opened.append(name)
    assert opened == []
