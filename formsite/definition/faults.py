"""What is wrong with a definition: where, what, and how to mend it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `where` is a JSON pointer (RFC 6901) into the document, empty for the whole of it."""

    where: str
    what: str
    fix: str

    def as_json(self) -> dict[str, str]:
        """As the command line prints it, and a reader apart hands it over."""
        return {"where": self.where, "what": self.what, "fix": self.fix}


class Faulty(Exception):
    """A document has faults; all that were found are in `faults`."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.where or '/'}: {fault.what}" for fault in faults))
        self.faults = faults
