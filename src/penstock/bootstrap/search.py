"""Builds search. To make a noun be found, add a searcher here: a `StoredSearcher` with a statement in `queries/search.sql`."""

from __future__ import annotations

from penstock.api.v2.search.routes import SearchEndpoints
from penstock.bootstrap.part import Part
from penstock.bootstrap.services import Services
from penstock.bootstrap.tokens import Tokens
from penstock.core.search.models import HitKind
from penstock.core.search.searchers import DeviceSearcher, StoredSearcher, TokenSearcher
from penstock.core.search.service import SearchService
from penstock.kit.ids import Prefix


def search_part(services: Services, tokens: Tokens) -> Part:
    """The endpoint of search."""
    database = services.database
    searchers = (
        DeviceSearcher(database),
        StoredSearcher(HitKind.DASHBOARD, "dashboards:read", Prefix.DASHBOARD, database),
        StoredSearcher(HitKind.ALERT, "alerts:read", Prefix.ALERT, database),
        StoredSearcher(HitKind.RULE, "rules:read", Prefix.RULE, database),
        StoredSearcher(HitKind.CONNECTION, "connections:read", Prefix.CONNECTION, database),
        StoredSearcher(HitKind.CUSTOMER, "customers:read", Prefix.CUSTOMER, database),
        StoredSearcher(HitKind.PROFILE, "devices:read", Prefix.PROFILE, database),
        StoredSearcher(HitKind.WEBHOOK, "webhooks:read", Prefix.WEBHOOK, database),
        TokenSearcher(tokens.service),
        StoredSearcher(HitKind.PERSON, "organization:read", Prefix.USER, database),
    )
    return Part(endpoints=(SearchEndpoints(SearchService(searchers)),))
