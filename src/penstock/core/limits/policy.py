"""The limits that a call counts against."""

from __future__ import annotations

from collections.abc import Iterable

from penstock.core.actor import Actor, ActorKind
from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.errors import ApiNotInPlan, LimitExceeded
from penstock.core.limits.ledger import Ledger
from penstock.core.limits.limiter import AppliedLimits, Limiter
from penstock.core.limits.models import Limit, LimitScope, State, Subject, Window
from penstock.core.limits.surfaces import PLAIN, LimitRule
from penstock.core.tenancy.models import Organization, Plan
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.kit.clock import Clock
from penstock.kit.ids import KeyId, OrgId, Prefix, text_of

MAX_KEYS = 10_000
"""Keys whose own limits are cached as objects. Evicting one does not lose its counts."""
INGEST = "ingest"
"""The device side, where plans count readings and not calls; a key's own limit applies there too."""
MAX_ORGANIZATIONS = 10_000
READINGS_IN = "telemetry:write"
"""The scope of every call that sends readings, on any surface."""
CODES_OUT = "tokens:code"
"""The scope of every call that reads the code of a token, on any surface."""


class CallLimits:
    """Checks API calls against their limits, from memory."""

    def __init__(
        self,
        limiter: Limiter,
        ledger: Ledger,
        plans: PlanCatalogue,
        config: LimitsConfig,
        clock: Clock,
        rules: Iterable[LimitRule] = (),
    ) -> None:
        self._limiter = limiter
        self._ledger = ledger
        self._plans = plans
        # Under the name that dialects use for their own, so that the calls of one caller over several surfaces count together.
        self._codes = Limit("group_code", LimitScope.GROUP, config.codes_per_minute, Window.MINUTE)
        self._of_plan: dict[str, tuple[Limit, ...]] = {}
        self._of_key: dict[KeyId, Limit] = {}
        self._of_organization: dict[OrgId, tuple[Organization, AppliedLimits]] = {}
        """The limits of most calls, combined once for each organisation and plan."""
        self._rules = {rule.surface: rule for rule in rules}
        # Counted separately: an attacker with many addresses must not evict the counts of organisations.
        self._addresses = Limiter(clock)
        self._bad_credentials = Limit(
            "bad_credentials", LimitScope.ADDRESS, config.bad_credentials_per_minute, Window.MINUTE, "unknown credentials"
        )

    async def take(self, actor: Actor, surface: str, scope: str) -> list[tuple[Limit, int]]:
        """Count a call of an operation. Returns what remains of each of its limits, for the response headers.

        Raises:
            LimitExceeded: one of them is exceeded; only the refusal was counted.
            ApiNotInPlan: the plan does not include the surface.
        """
        applied = self._known(actor, surface, scope)
        if applied is None:
            applied = self._applied_limits(actor, await self._plans.organization(actor.org_id), surface, scope)
        left = self._limiter.count(applied)
        if left is None:
            verdict = self._limiter.refusal(applied)
            assert verdict.refused is not None
            self._ledger.note(actor.org_id, verdict.refused.limit, _public_id(actor))
            raise LimitExceeded.by(verdict)
        return [(limit, remaining) for (limit, _), remaining in zip(applied, left, strict=True)]

    async def take_into(self, left: list[tuple[Limit, int]], actor: Actor, surface: str, scope: str) -> None:
        """Count a call, and add what remains of each of its limits to `left`, also if one of them is exceeded.

        Raises:
            LimitExceeded, ApiNotInPlan: as `take`.
        """
        try:
            left += await self.take(actor, surface, scope)
        except LimitExceeded:
            # The error names only the exceeded limit. The headers report the others too.
            left += [(state.limit, state.remaining) for state in await self.peek(actor, surface, scope)]
            raise

    async def peek(self, actor: Actor, surface: str = "v2", scope: str = "") -> tuple[State, ...]:
        """The remaining part of a surface's limits for this caller."""
        organization = await self._plans.organization(actor.org_id)
        return self._limiter.peek(self._applied_limits(actor, organization, surface, scope))

    def record_failed_credential(self, address: str) -> None:
        """Count an unknown credential.

        Raises:
            LimitExceeded: too many were sent from this address. A valid one from there is still accepted.
        """
        verdict = self._addresses.consume([(self._bad_credentials, address)])
        if verdict.refused is not None:
            raise LimitExceeded.by(verdict)

    def _known(self, actor: Actor, surface: str, scope: str) -> AppliedLimits | None:
        """The limits of a call, from memory, if only the plan's limits apply."""
        organization = self._plans.known(actor.org_id)
        plain = surface not in self._rules and surface != INGEST and scope not in (READINGS_IN, CODES_OUT)
        if organization is None or not plain or actor.calls_per_minute is not None:
            return None
        found = self._of_organization.get(actor.org_id)
        # By identity: a changed organisation is loaded as another object, so an outdated entry needs no notification.
        if found is None or found[0] is not organization:
            if len(self._of_organization) > MAX_ORGANIZATIONS:
                self._of_organization.clear()
            limits = self._limits_of(organization.plan, self._plans.named(organization.plan))
            found = organization, tuple((limit, actor.org_id) for limit in limits)
            self._of_organization[actor.org_id] = found
        return found[1]

    def _applied_limits(self, actor: Actor, organization: Organization, surface: str, scope: str) -> list[tuple[Limit, Subject]]:
        name = organization.plan
        rule, plan = self._rules.get(surface, PLAIN), self._plans.named(name)
        if rule.needs_api_access and not plan.api_access:
            raise ApiNotInPlan(plan=name)
        applied: list[tuple[Limit, Subject]] = []
        if rule.group_of is not None:
            applied.append((rule.group_of(scope), actor.id))
        elif surface != INGEST and scope != READINGS_IN:
            applied += [(limit, actor.org_id) for limit in self._limits_of(name, plan)]
            if scope == CODES_OUT:
                applied.append((self._codes, actor.id))
        if actor.kind is ActorKind.KEY and actor.calls_per_minute is not None:
            applied.append((self._limit_of_key(actor.key_id, actor.calls_per_minute), actor.id))
        return applied

    def _limits_of(self, name: str, plan: Plan) -> tuple[Limit, ...]:
        found = self._of_plan.get(name)
        if found is None:
            named = (("plan_minute", plan.calls_per_minute, Window.MINUTE), ("plan_day", plan.calls_per_day, Window.DAY))
            found = tuple(Limit(one, LimitScope.ACCOUNT, count, window) for one, count, window in named if count is not None)
            self._of_plan[name] = found
        return found

    def _limit_of_key(self, key_id: KeyId, per_minute: int) -> Limit:
        found = self._of_key.get(key_id)
        if found is None or found.count != per_minute:
            if len(self._of_key) > MAX_KEYS:
                self._of_key.clear()
            found = self._of_key[key_id] = Limit("key_minute", LimitScope.KEY, per_minute, Window.MINUTE)
        return found


def _public_id(actor: Actor) -> str:
    return text_of(Prefix.KEY if actor.kind is ActorKind.KEY else Prefix.USER, actor.id)
