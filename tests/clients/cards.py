"""Reads an address book with other people's programs, and prints what they make of it as JSON: a list of cards.

    cards.py vobject FILE
    cards.py khard FILE

The packages lie in the folder `python` beside this file. Khard gets each card in a file of its own, as it wants them,
in a folder that goes again, and is asked by its own command line.
"""

import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

PACKAGES = Path(__file__).resolve().parent / "python"
sys.path.insert(0, str(PACKAGES))

import vobject  # noqa: E402


def texts(value):
    """A value of one part or of several as a list of texts."""
    return [str(one) for one in value] if isinstance(value, (list, tuple)) else [str(value)]


def parts(adr):
    """The parts of an address, in the order of the format."""
    names = ("box", "extended", "street", "city", "region", "code", "country")
    return [", ".join(filter(None, texts(getattr(adr, name)))) for name in names]


def name_parts(name):
    # The parts of a part stay apart by commas, as they are written.
    return [",".join(texts(getattr(name, part))) for part in ("family", "given", "additional", "prefix", "suffix")]


def all_of(card, key):
    return [line.value for line in card.contents.get(key, [])]


def with_vobject(path):
    data = path.read_bytes()
    for card in vobject.readComponents(data.decode("utf-8"), allowQP=True):
        first = lambda key: next(iter(all_of(card, key)), None)
        yield {
            "name": first("fn"),
            "n": name_parts(first("n")) if first("n") else None,
            "emails": all_of(card, "email"),
            "phones": all_of(card, "tel"),
            "orgs": [part for org in all_of(card, "org") for part in texts(org) if part],
            "titles": all_of(card, "title"),
            "roles": all_of(card, "role"),
            "adrs": [parts(adr) for adr in all_of(card, "adr")],
            "notes": all_of(card, "note"),
            "urls": all_of(card, "url"),
            "bday": first("bday"),
            "omit": [line.params.get("X-APPLE-OMIT-YEAR") for line in card.contents.get("bday", [])],
            "categories": [part for line in all_of(card, "categories") for part in texts(line)],
            "uid": first("uid"),
        }


def cut(text):
    """The cards of a file, each as a text of its own."""
    lines = []
    for line in text.splitlines(keepends=True):
        lines.append(line)
        if line.strip().upper() == "END:VCARD":
            yield "".join(lines)
            lines = []


def with_khard(path):
    from ruamel.yaml import YAML

    for number, card in enumerate(cut(path.read_bytes().decode("utf-8"))):
        with tempfile.TemporaryDirectory() as folder:
            book = Path(folder) / "book"
            book.mkdir()
            (book / f"{number}.vcf").write_bytes(card.encode("utf-8"))
            config = Path(folder) / "khard.conf"
            config.write_text(
                f"[addressbooks]\n[[book]]\npath = {book}\n"
                "[general]\ndefault_action = list\neditor = true\nmerge_editor = true\n"
                "[contact table]\nshow_uids = no\n"
                "[vcard]\nskip_unparsable = no\n"
            )
            asked = lambda *words: subprocess.run(
                [sys.executable, "-m", "khard", "-c", str(config), *words],
                env={**os.environ, "PYTHONPATH": str(PACKAGES), "PYTHONUTF8": "1"},
                capture_output=True,
                text=True,
            )
            shown = asked("show", "--format=yaml")
            if shown.returncode != 0:
                yield {"error": shown.stderr + shown.stdout}
                continue
            read = YAML(typ="safe").load(io.StringIO(shown.stdout))
            yield {
                "yaml": read,
                "listed": asked("list", "--parsable").stdout,
                "emails": [line.split("\t")[0] for line in asked("email", "--parsable").stdout.splitlines() if "@" in line],
                "phones": [line.split("\t")[0] for line in asked("phone", "--parsable").stdout.splitlines() if "\t" in line],
                "said": shown.stderr,
            }


readers = {"vobject": with_vobject, "khard": with_khard}
# What a reader has to say beside is no part of the answer.
with contextlib.redirect_stdout(sys.stderr):
    cards = list(readers[sys.argv[1]](Path(sys.argv[2])))
print(json.dumps(cards, ensure_ascii=False, default=str))
