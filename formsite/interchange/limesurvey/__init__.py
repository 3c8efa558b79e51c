"""LimeSurvey archives (`.lss`): questions, logic and texts of a survey -> a definition, every loss named."""
