"""Builds the services for tokens."""

from __future__ import annotations

import msgspec

from penstock.adapters.passphrases import ThreadedPassphrases
from penstock.adapters.qr.reader import QrReader
from penstock.adapters.secrets.aes_gcm import AesGcm
from penstock.api.v2.tokens.routes import TokenEndpoints
from penstock.api.v2.tokens.transfer_routes import TokenTransferEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.core.tokens.access import GrantAccess
from penstock.core.tokens.codes import CodeService
from penstock.core.tokens.exports import TokenExports
from penstock.core.tokens.formats.passphrases import Opener
from penstock.core.tokens.service import TokenService
from penstock.core.tokens.transfer import TokenImports
from penstock.settings import Settings
from penstock.workers.gathered_trail import GatheredTrail


class Tokens(msgspec.Struct, kw_only=True):
    """The services for tokens."""

    service: TokenService
    codes: CodeService
    imports: TokenImports
    exports: TokenExports

    @property
    def part(self) -> Part:
        """Endpoints for tokens."""
        return Part(endpoints=(TokenEndpoints(self.service, self.codes), TokenTransferEndpoints(self.imports, self.exports)))


def build_tokens(services: Services, settings: Settings, access: GrantAccess) -> Tokens:
    """Build the services for tokens. `access` knows who may use which."""
    database, vault, trail, clock = services.database, services.vault, services.trail, services.clock
    codes = CodeService(
        database=database,
        vault=vault,
        access=access,
        acts=GatheredTrail(database, trail),
        trail=trail,
        clock=clock,
    )
    services.on_foreign_change.append(codes.clear)
    service = TokenService(
        database=database,
        vault=vault,
        access=access,
        trail=trail,
        ids=services.ids,
        clock=clock,
        config=settings.tokens,
        on_change=codes.forget,
    )
    opener = Opener(ThreadedPassphrases(), AesGcm())
    imports = TokenImports(
        database=database,
        tokens=service,
        access=access,
        vault=vault,
        trail=trail,
        opener=opener,
        pictures=QrReader(),
        clock=clock,
        on_change=codes.forget,
    )
    exports = TokenExports(database=database, access=access, vault=vault, trail=trail, opener=opener)
    return Tokens(service=service, codes=codes, imports=imports, exports=exports)
