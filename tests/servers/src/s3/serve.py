"""moto's S3, with two things that it lacks.

Conditional writes are atomic in S3; moto compares and then writes, so here
requests take turns. And it ends with the process that started it.

Usage: serve.py PORT [PORT WITH TLS, CERTIFICATE, KEY]
"""

import io
import os
import sys
import threading
import time

from moto.moto_server.werkzeug_app import (
    DomainDispatcherApplication,
    MotoRequestHandler,
    create_backend_app,
)
from werkzeug.serving import run_simple


def in_turn(app):
    turn = threading.Lock()

    def call(environ, start_response):
        # What is slow to come is not waited for within the turn.
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        with turn:
            answer = app(environ, start_response)
            try:
                return [b"".join(answer)]
            finally:
                close = getattr(answer, "close", None)
                if close:
                    close()

    return call


def end_with(parent):
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(0)


def serve(port, *certificate):
    run_simple(
        "127.0.0.1",
        int(port),
        app,
        threaded=True,
        request_handler=MotoRequestHandler,
        ssl_context=certificate or None,
    )


threading.Thread(target=end_with, args=[os.getppid()], daemon=True).start()
app = in_turn(DomainDispatcherApplication(create_backend_app))
if len(sys.argv) > 2:
    threading.Thread(target=serve, args=sys.argv[2:], daemon=True).start()
serve(sys.argv[1])
