"""A small double of a store that speaks S3, over real HTTP: objects, uploads in parts, listings."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit


@dataclass
class Bucket:
    """What is in it, and who asked."""

    url: str = ""
    objects: dict[str, bytes] = field(default_factory=dict)
    parts: dict[str, dict[int, bytes]] = field(default_factory=dict)
    signed_by: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def started(cls) -> Iterator[Bucket]:
        """Start one on a free port."""
        bucket = cls()
        server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"bucket": bucket}))
        bucket.url = f"http://127.0.0.1:{server.server_port}"
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield bucket
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    bucket: Bucket
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Nothing."""

    def _place(self) -> tuple[str, dict[str, list[str]]]:
        split = urlsplit(self.path)
        self.bucket.asked.append(f"{self.command} {self.path}")
        self.bucket.signed_by.add(self.headers.get("Authorization", "").partition("Credential=")[2].partition("/")[0])
        return unquote(split.path).lstrip("/"), parse_qs(split.query, keep_blank_values=True)

    def _answer(self, status: int, body: bytes = b"", **headers: str) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), "ETag": '"tag"', **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Last-Modified", "Sat, 31 Jan 2026 12:00:00 GMT")
        self.end_headers()
        self.wfile.write(body)

    def do_PUT(self) -> None:
        key, query = self._place()
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if "partNumber" in query:
            self.bucket.parts[query["uploadId"][0]][int(query["partNumber"][0])] = content
        else:
            self.bucket.objects[key] = content
        self._answer(200)

    def do_POST(self) -> None:
        key, query = self._place()
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        if "delete" in query:
            names = re.findall("<Key>(.*?)</Key>", sent)
            for name in names:
                self.bucket.objects.pop(f"{key}/{name}", None)
            body = "".join(f"<Deleted><Key>{name}</Key></Deleted>" for name in names)
            body = f"<DeleteResult>{body}</DeleteResult>"
        elif "uploads" in query:
            self.bucket.parts["one"] = {}
            body = "<InitiateMultipartUploadResult><UploadId>one</UploadId></InitiateMultipartUploadResult>"
        else:
            parts = self.bucket.parts.pop(query["uploadId"][0])
            self.bucket.objects[key] = b"".join(parts[number] for number in sorted(parts))
            body = "<CompleteMultipartUploadResult><ETag>tag</ETag></CompleteMultipartUploadResult>"
        self._answer(200, body.encode())

    def do_GET(self) -> None:
        key, query = self._place()
        if "list-type" in query:
            self._list(key.rstrip("/"), query["prefix"][0])
        elif key in self.bucket.objects:
            self._answer(200, self.bucket.objects[key])
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    def _list(self, bucket: str, prefix: str) -> None:
        keys = [key.removeprefix(f"{bucket}/") for key in self.bucket.objects]
        found = "".join(
            f"<Contents><Key>{key}</Key><LastModified>2026-01-31T12:00:00.000Z</LastModified><Size>1</Size><ETag>x</ETag></Contents>"
            for key in keys
            if key.startswith(prefix)
        )
        self._answer(200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>".encode())

    def do_DELETE(self) -> None:
        key, query = self._place()
        if "uploadId" in query:
            self.bucket.parts.pop(query["uploadId"][0], None)
        self.bucket.objects.pop(key, None)
        self._answer(204)
