"""Errors of the vault."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SecretNotFound(PenstockError):
    """The caller's organisation has no secret with this id or name."""

    kind, code = Kind.NOT_FOUND, "vault.secret_not_found"
    message = "secret {secret} was not found"


class SecretShredded(PenstockError):
    """The key of the organisation that encrypted this value was destroyed. Nobody can decrypt it."""

    kind, code = Kind.PRECONDITION, "vault.shredded"
    message = "the key that encrypted this was destroyed; enter the secret again"


class SecretDamaged(PenstockError):
    """An encrypted value was changed, or belongs to something else."""

    kind, code, of_server = Kind.UNAVAILABLE, "vault.damaged", True
    message = "an encrypted value is damaged; restore it from a backup, or enter the secret again"


class MasterKeyWrong(PenstockError):
    """The master key of the server is not the one that wrapped the keys of organisations."""

    kind, code, of_server = Kind.PRECONDITION, "vault.master_key_wrong", True
    message = "the vault's master key is not the one that its keys are encrypted with: {reason}"


class KeysMissing(PenstockError):
    """The keys of an organisation are missing, although values are encrypted with them."""

    kind, code, of_server = Kind.UNAVAILABLE, "vault.keys_missing", True
    message = "version {version} of the organisation's key is missing; restore the vault's keys from where they are kept"


class SecretExists(PenstockError):
    """The organisation has a secret with this name."""

    kind, code = Kind.CONFLICT, "vault.secret_exists"
    message = "a secret named {name} exists"


class SecretInUse(PenstockError):
    """Connections, channels, webhooks or accounts use the secret."""

    kind, code = Kind.CONFLICT, "vault.secret_in_use"
    message = "the secret {name} is in use by {users}; change them first"


class SecretManaged(PenstockError):
    """The secret belongs to something else, and is read and changed only there."""

    kind, code = Kind.CONFLICT, "vault.secret_managed"
    message = "the secret belongs to {owner}, and is managed there"


class SecretLimitReached(PenstockError):
    """The organisation has reached its limit of named secrets."""

    kind, code = Kind.PRECONDITION, "vault.secret_limit_reached"
    message = "an organisation can have at most {limit} named secrets"


class SecretVersionNotFound(PenstockError):
    """The secret has no such version, or no longer: only the newest ones are kept."""

    kind, code = Kind.NOT_FOUND, "vault.secret_version_not_found"
    message = "version {version} of the secret was not found"


class SecretsUnreadable(PenstockError):
    """The secrets of something cannot be decrypted."""

    kind, code = Kind.PRECONDITION, "vault.unreadable"
    message = "the secrets cannot be decrypted: {reason}"
