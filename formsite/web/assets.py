"""Static files by name: hashed, pre-compressed and immutable once the front end is built."""

from __future__ import annotations

import json
from pathlib import Path

from flask import Flask
from whitenoise import WhiteNoise

MANIFEST = "manifest.json"


def set_up(app: Flask) -> None:
    """Serve `static/dist`, and tell templates where each file is."""
    dist = Path(str(app.static_folder)) / "dist"
    manifest = dist / MANIFEST
    names: dict[str, str] = json.loads(manifest.read_text("utf-8")) if manifest.exists() else {}

    def asset_url(name: str) -> str:
        """The address of `css/public.css` and the like; KeyError if the front end was not built with it."""
        return f"/static/dist/{names[name]}" if names else f"/static/{name}"

    app.add_template_global(asset_url)
    if dist.is_dir():
        noise = WhiteNoise(app.wsgi_app, max_age=31_536_000, immutable_file_test=lambda path, url: True)
        noise.add_files(str(dist), prefix="static/dist/")
        app.wsgi_app = noise  # type: ignore[method-assign]
