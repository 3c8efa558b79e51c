"""SurveyJS: definitions in JSON -> forms, every loss named."""

from formsite.interchange.surveyjs.reading import read

__all__ = ["read"]
