"""Start one by hand: `python -m tests.engines.servers postgresql-16`."""

import sys

from tests.engines.servers import ENGINES

server = ENGINES[sys.argv[1]]()
try:
    server.start()
    sys.stdout.write(f"{server.url}\n")
    sys.stdout.flush()
    sys.stdin.read()
finally:
    server.close()
