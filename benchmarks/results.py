"""Lines of `data/bench/results.json`: ours beside a peer, ratio = peer / ours, so above 1 is in our favour."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

_REPOSITORY = Path(__file__).resolve().parents[1]
RESULTS = Path(os.environ.get("IMPACT_KPI_DATA", _REPOSITORY / "data")) / "bench" / "results.json"


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison."""

    name: str
    ours: float
    peer: float
    unit: str

    @property
    def ratio(self) -> float:
        """Peer over ours."""
        return self.peer / self.ours


def keep(lines: list[Line]) -> None:
    """Write lines beside those of other benchmarks, and print them."""
    known = json.loads(RESULTS.read_text(encoding="utf-8")) if RESULTS.exists() else []
    names = {line.name for line in lines}
    new = [{**asdict(line), "ratio": round(line.ratio, 3)} for line in lines]
    RESULTS.parent.mkdir(parents=True, exist_ok=True)
    RESULTS.write_text(
        json.dumps([*(line for line in known if line["name"] not in names), *new], indent=1) + "\n", encoding="utf-8"
    )
    for line in lines:
        print(f"  {line.name:36} ours {line.ours:>12} {line.unit:5} peer {line.peer:>12}  ratio {line.ratio:.2f}")
