"""The picture of the README: what a delivery costs, by the size of the room."""

from pathlib import Path
from typing import Any

from bench.results import Case, Results

# Told apart by those who see no red or green, and on paper by their marks.
LOOKS = {"ours": ("#0b6bcb", "o", 2.6), "raw": ("#555555", "s", 1.4), "node": ("#2e8b57", "^", 1.4)}
LOOKS |= {"stock": ("#c0561a", "D", 1.4)}
WORDS = {
    "ours": "chatapp, every message stored and acked",
    "raw": "the floor: a loop of send() in Python",
    "node": "socket.io on Node.js, relay only",
    "stock": "Flask-SocketIO, relay only",
}


def draw(results: Results, path: Path) -> None:
    """Write it as a PNG; one panel for each count of senders. Raises ImportError where matplotlib is not set up."""
    # Only here: a quick look needs none of it.
    from matplotlib.figure import Figure

    cases = [case for case in results.samples if case.workload == "W1"]
    counts = sorted({case.senders for case in cases})
    figure = Figure(figsize=(4.6 * len(counts) + 0.6, 4.4), dpi=160, facecolor="white", layout="constrained")
    panels = figure.subplots(1, len(counts), sharey=True, squeeze=False)[0]
    for panel, senders in zip(panels, counts, strict=True):
        _panel(panel, results, [case for case in cases if case.senders == senders])
        panel.set_title("one talks" if senders == 1 else f"{senders} talk at once", fontsize=10, loc="left")
    panels[0].set_ylabel("CPU of the server for one delivery, microseconds")
    handles, words = panels[0].get_legend_handles_labels()
    figure.legend(handles, words, loc="outside lower center", ncols=2, frameon=False, fontsize=9)
    figure.savefig(path)


def _panel(panel: Any, results: Results, cases: list[Case]) -> None:
    from matplotlib.ticker import LogLocator

    panel.set_xscale("log")
    panel.set_yscale("log")
    sizes = sorted({case.members for case in cases})
    for server in WORDS:
        mine = sorted((case for case in cases if case.server == server), key=lambda case: case.members)
        us = [results.us(case) for case in mine]
        colour, mark, width = LOOKS[server]
        line = {"color": colour, "marker": mark, "linewidth": width, "markersize": 5, "label": WORDS[server]}
        panel.plot([case.members for case in mine], us, **line)
    panel.set_xticks(sizes, [str(size) for size in sizes])
    panel.tick_params(axis="x", which="minor", bottom=False)
    panel.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    panel.yaxis.set_major_formatter(lambda value, _: f"{value:g}")
    panel.tick_params(axis="y", which="minor", left=False)
    panel.grid(visible=True, axis="y", which="major", color="#dddddd", linewidth=0.8)
    panel.spines[["top", "right"]].set_visible(False)
    panel.set_xlabel("people in the room")
