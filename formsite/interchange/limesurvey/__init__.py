"""LimeSurvey archives (`.lss`): questions, logic and texts of a survey -> a definition, every loss named."""

from formsite.interchange.limesurvey.archives import is_other_export
from formsite.interchange.limesurvey.assembling import read

__all__ = ["is_other_export", "read"]
