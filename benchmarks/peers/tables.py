"""Results as Markdown."""

import statistics


def of(group, results):
    """Returns the table of a group. results are (task, threads, (times by label, check))."""
    columns = []
    for task, _, _ in results:
        columns += [p.label for p in task.peers if p.label not in columns]
    lines = [f"\n## {group.title}\n", f"{group.about} Cells are medians in ms, wall / CPU; ratios are the best peer's time over gpw's.\n",
             line(["task", "size", "threads", "gpw", *columns, "wall ratio", "CPU ratio", "results"]), "|" + " --- |" * (7 + len(columns))]
    for task, threads, (times, check) in results:
        for row in task.rows:
            cells = [cell(times[label]) if label in row.peers else "" for label in columns]
            lines.append(line([row.task, row.size, str(threads), cell(times["gpw"]), *cells,
                               ratio(times, row.peers, "wall"), ratio(times, row.peers, "cpu"), check]))
    return "\n".join(lines)


def line(cells):
    return "| " + " | ".join(cells) + " |"


def cell(result):
    if isinstance(result, Exception):
        return str(result)
    return f"{milliseconds(result['wall'])} / {milliseconds(result['cpu'])}"


def milliseconds(seconds):
    ms = 1e3 * statistics.median(seconds)
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"


def ratio(times, labels, clock):
    """Returns the best peer's time over ours, and says so where ours is the longer."""
    peers = [statistics.median(times[label][clock]) for label in labels if isinstance(times[label], dict)]
    if not peers or not isinstance(times["gpw"], dict):
        return "–"
    r = min(peers) / statistics.median(times["gpw"][clock])
    return f"{r:.2f}" + (" **loses**" if r < 1 else "")
