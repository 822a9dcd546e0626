"""The smallest sample company."""

import os
from pathlib import Path

if __name__ == "__main__":
    (Path(os.environ["SMARTFAKTURA_DATA_DIR"]) / "demo-was-here").write_text(os.environ["SMARTFAKTURA_OPERATORS"])
