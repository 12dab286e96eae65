"""dulwich as a client: clone URL FOLDER [DEPTH], fetch URL FOLDER, push URL FOLDER REF. USER and TOKEN are in the environment."""

import os
import sys

from dulwich import porcelain

login = {"username": os.environ["USER"], "password": os.environ["TOKEN"]}
verb, url, folder = sys.argv[1:4]
rest = sys.argv[4:]
said = sys.stderr.buffer

if verb == "clone":
    depth = int(rest[0]) if rest else None
    porcelain.clone(url, folder, depth=depth, errstream=said, **login)
elif verb == "fetch":
    fetched = porcelain.fetch(folder, "origin", errstream=said, **login)
elif verb == "push":
    refs = f"refs/heads/main:{rest[0]}"
    pushed = porcelain.push(folder, url, refs, errstream=said, **login)
    refused = {name: why for name, why in (pushed.ref_status or {}).items() if why}
    if refused:
        sys.exit(f"refused: {refused}")
else:
    sys.exit(f"no such verb: {verb}")
