"""moto's S3, with what it lacks.

Conditional writes are atomic in S3; moto compares and then writes, so here
requests take turns. It ends with the process that started it. And it does not
look anew, at each request, which services moto has and which errors they know:
that takes it longer than all else.

Usage: serve.py PORT [PORT WITH TLS, CERTIFICATE, KEY]
"""

import functools
import io
import logging
import os
import sys
import threading
import time

from moto.core import errors
from moto.moto_server.werkzeug_app import MotoRequestHandler, create_backend_app
from werkzeug.serving import run_simple


def in_turn(s3, iam):
    turn = threading.Lock()

    def call(environ, start_response):
        # What is slow to come is not waited for within the turn.
        length = int(environ.get("CONTENT_LENGTH") or 0)
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(length))
        of_iam = "/iam/aws4_request" in environ.get("HTTP_AUTHORIZATION", "")
        app = iam if of_iam else s3
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
# As S3 does: connections are kept.
MotoRequestHandler.protocol_version = "HTTP/1.1"
MotoRequestHandler.disable_nagle_algorithm = True
errors.ErrorLookupFactory = functools.cache(errors.ErrorLookupFactory)
logging.getLogger("werkzeug").setLevel(logging.ERROR)
app = in_turn(create_backend_app("s3"), create_backend_app("iam"))
if len(sys.argv) > 2:
    threading.Thread(target=serve, args=sys.argv[2:], daemon=True).start()
serve(sys.argv[1])
