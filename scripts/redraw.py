"""Draw every paper of an exam session again from its snapshot: `python scripts/redraw.py session.json`.

It needs Python and this checkout, nothing installed and no database: `python -I -S scripts/redraw.py FILE` shows that.
Exit 0 when everything is equal, 1 when something differs, 2 when the file is no snapshot.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from app.exams.assembly.redraw import check


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what `flask exams snapshot SESSION FILE` wrote")
    options = parser.parse_args()
    try:
        checked = check(json.loads(options.file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as error:
        print(f"{options.file}: {error}", file=sys.stderr)
        return 2
    for one in checked:
        print(f"{one.subject}: {'equal' if one.equal else 'differs in ' + ', '.join(one.differs)}")
    return 0 if all(one.equal for one in checked) else 1


if __name__ == "__main__":
    sys.exit(main())
