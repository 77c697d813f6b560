"""What ``asv preview`` does here: it serves the site to this machine only. asv's own listens on all interfaces."""

import errno
import functools
import webbrowser
from collections.abc import Sequence
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from asv.console import log
from asv.util import UserError

HOST = "127.0.0.1"
# Tried in this order where none is asked for; 0 is one that the system chooses.
PORTS = (*range(8080, 8085), 0)


def preview(conf: Any, port: int = 0, browser: bool = False) -> None:
    """Serve the site until ^C. Raises UserError where there is none, or where the port can't be had."""
    site = Path(conf.html_dir)
    if not (site / "index.json").is_file():
        raise UserError(f"no site in {site}: python3 bootstrap.py publish writes it")
    handler = functools.partial(SimpleHTTPRequestHandler, directory=str(site))
    with _server(handler, (port,) if port else PORTS) as server:
        url = f"http://{HOST}:{server.server_port}/"
        log.info(f"{site.resolve()} is at {url} for this machine only. Press ^C to end.")
        log.flush()
        if browser:
            webbrowser.open(url)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            return


def _server(handler: Any, ports: Sequence[int]) -> ThreadingHTTPServer:
    port, *others = ports
    try:
        return ThreadingHTTPServer((HOST, port), handler)
    except OverflowError:
        raise UserError(f"port {port}: ports are numbers from 1 to 65535") from None
    except OSError as error:
        if others and error.errno == errno.EADDRINUSE:
            return _server(handler, others)
        raise UserError(f"port {port} can't be had: {error.strerror}: name another by --port") from None
