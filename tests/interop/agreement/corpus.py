"""The questionnaires by strangers, folder by folder; read in place."""

from __future__ import annotations

from pathlib import Path

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"
SUFFIXES = {"xlsform": (".xlsx", ".xls"), "surveyjs": (".json",), "limesurvey": (".lss",)}
FOLDERS = {
    "xlsform": ("xlsform", "xlsform/osm-fieldwork", "xlsform-surveycto"),
    "surveyjs": ("surveyjs", "surveyjs/examples"),
    "limesurvey": ("limesurvey",),
}
BROKEN = "xlsform-broken"


def files_of(format: str) -> list[Path]:
    """All files of a format, but those that are broken on purpose."""
    return [path for folder in FOLDERS[format] for path in files_in(folder, format)]


def files_in(folder: str, format: str) -> list[Path]:
    """The files of a format that stand in a folder itself."""
    return sorted(path for path in (CORPUS / folder).glob("*") if path.suffix in SUFFIXES[format])
