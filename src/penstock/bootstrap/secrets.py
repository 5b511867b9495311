"""Builds the use cases on secrets, and the conversion of those that are still in the rows of their owners."""

from __future__ import annotations

from penstock.api.v2.secrets.routes import SecretEndpoints
from penstock.bootstrap.connections import Connections
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.bootstrap.sms import SmsAccounts
from penstock.core.connections import secrets as of_connections
from penstock.core.notifications import credentials as of_channels
from penstock.core.vault.conversion import OldKind, SecretConversion
from penstock.core.vault.owners import SMS_ACCOUNT
from penstock.core.vault.secrets import SecretService
from penstock.core.webhooks import secrets as of_webhooks
from penstock.kit.ids import ConnectionId, SmsAccountId


def build_secrets(services: Services, connections: Connections, accounts: SmsAccounts) -> SecretService:
    """Build the service for secrets. Connections to brokers and message centres reconnect when their secret has changed."""
    secrets = SecretService(
        database=services.database, vault=services.vault, trail=services.trail, ids=services.ids, clock=services.clock
    )
    secrets.subscribe(of_connections.KIND, lambda number: connections.directory.drop(ConnectionId(number)))
    secrets.subscribe(SMS_ACCOUNT, lambda number: accounts.service.announce(SmsAccountId(number)))
    return secrets


def secrets_part(secrets: SecretService) -> Part:
    """Endpoints of secrets."""
    return Part(endpoints=(SecretEndpoints(secrets),))


async def move_old_secrets(services: Services) -> None:
    """Move the secrets that older versions stored in the rows of their owners into the vault, before anything uses them."""
    kinds = [OldKind(noun.KIND, noun.open_old, noun.old_paths) for noun in (of_connections, of_channels, of_webhooks)]
    conversion = SecretConversion(database=services.database, vault=services.vault, box=services.people.box, kinds=kinds)
    await conversion.run()
