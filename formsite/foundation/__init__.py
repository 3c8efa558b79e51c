"""What every feature stands on: clock, ids, crypto, tokens, database, audit, outbox, jobs."""
