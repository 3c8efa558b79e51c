"""Why a response's questions were shown or not, as far as its reader may know."""

from __future__ import annotations

from collections.abc import Mapping

from formsite.definition import secrecy
from formsite.definition.fieldtypes import Value
from formsite.definition.flow import Plan
from formsite.definition.secrecy import Secrets
from formsite.definition.state import Moment
from formsite.definition.whys import Why, whys
from formsite.responses.models import Response
from formsite.responses.reading import Sight


def of_response(
    plan: Plan, response: Response, personal: Mapping[str, Value] | None, sight: Sight, language: str
) -> tuple[Why, ...]:
    """Every page and what stands on it, by the rules as they came out when the response was sent.

    `personal` is None where those answers stay sealed, or where their key was destroyed: then nothing that follows from
    them is told, as on the response's own page.
    """
    at = response.submitted_at or response.started_at
    return whys(
        plan,
        {**response.answers, **(personal or {})},
        Moment(at.date(), at, language),
        secrets=_secrets(plan, personal, sight),
        seed=response.id.hex,
    )


def _secrets(plan: Plan, personal: Mapping[str, Value] | None, sight: Sight) -> Secrets:
    if personal is None:
        return secrecy.of_everything(plan.definition, plan.questions)
    return secrecy.NOTHING if sight is Sight.PLAIN else secrecy.of_values(plan.questions)
