"""asv's files are whole at any moment: by itself it writes over them, and what stops it then loses all of one."""

from pathlib import Path
from typing import Any

from asv import util


def write_whole_files() -> None:
    """Have asv write beside a file, then rename. To be called once."""
    write = util.write_json

    def write_json(path: str, *args: Any, **kwargs: Any) -> None:
        beside = f"{path}.partial"
        write(beside, *args, **kwargs)
        Path(beside).replace(path)

    util.write_json = write_json
