"""A running application behind a socket of this machine: for programs that speak HTTP by themselves."""

import threading
import time
from contextlib import contextmanager

import uvicorn


@contextmanager
def on_a_socket(server):
    """The address under which a running application answers, as `python -m app serve` would let it."""
    # Its lifespan has begun already: the application is the one that the test's own client talks to.
    config = uvicorn.Config(server.app, port=0, http="httptools", lifespan="off", log_config=None, access_log=False, server_header=False)
    listener = uvicorn.Server(config)
    thread = threading.Thread(target=listener.run, daemon=True)
    thread.start()
    while not listener.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{listener.servers[0].sockets[0].getsockname()[1]}"
    finally:
        listener.should_exit = True
        thread.join()
