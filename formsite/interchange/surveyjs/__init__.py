"""SurveyJS: definitions in JSON."""
