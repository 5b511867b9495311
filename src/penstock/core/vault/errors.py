"""Errors of the vault."""

from __future__ import annotations

from penstock.kit.errors import Kind, PenstockError


class SecretNotFound(PenstockError):
    """The caller's organisation has no secret with this id or name."""

    kind, code = Kind.NOT_FOUND, "vault.secret_not_found"
    message = "secret {secret} was not found"


class SecretShredded(PenstockError):
    """The key of the organisation that encrypted this value was destroyed. No one can decrypt it."""

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


class MasterKeyUnreachable(PenstockError):
    """The master key is in another system, which does not answer or refuses. Retry later."""

    kind, code, of_server = Kind.UNAVAILABLE, "vault.master_key_unreachable", True
    message = "the vault's master key cannot be used: {reason}"


class MasterKeyElsewhere(PenstockError):
    """The master key is not changed by this program; the message says how to change it."""

    kind, code = Kind.PRECONDITION, "vault.master_key_elsewhere"
    message = "{reason}"


class MasterKeyNeeded(PenstockError):
    """An old master key cannot be removed: keys of organisations are still encrypted with it."""

    kind, code = Kind.CONFLICT, "vault.master_key_needed"
    message = "{count} keys of organisations are still encrypted with an old master key; a running server encrypts them again"


class VaultMisconfigured(PenstockError):
    """The settings of the vault, or variables that go with them, cannot be used."""

    kind, code = Kind.PRECONDITION, "vault.misconfigured"
    message = "the vault cannot be opened: {reason}"


class NameNotRepeated(PenstockError):
    """To destroy the keys of an organisation, the request must repeat its name."""

    kind, code = Kind.INVALID, "vault.name_not_repeated"
    message = "organization_name must be the name of the organisation whose keys are to be destroyed"


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
