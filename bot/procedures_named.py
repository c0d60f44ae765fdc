"""The procedures that PROCEDURES, or someone at the command line, names."""

from pathlib import Path

from scheduling.procedures import shipped_names, shipped_text
from scheduling.procedures.reading import file_text


def procedures_text(name_or_path: str) -> tuple[str, str]:
    """The file name and the text of shipped procedures or a file; ProceduresInvalid if it cannot be read."""
    if name_or_path in shipped_names():
        return f"{name_or_path}.toml", shipped_text(name_or_path)
    return Path(name_or_path).name, file_text(name_or_path)
