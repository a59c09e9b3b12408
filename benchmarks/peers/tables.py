"""Results as Markdown."""

import statistics
import textwrap


def head(group):
    """Returns a group's title and the head of its table."""
    columns = labels(group)
    return "\n".join([f"\n## {group.title}\n", f"{group.about} Cells are medians in ms, wall / CPU; ratios are the best peer's time over gpw's.\n",
                      line(["task", "size", "threads", "gpw", *columns, "wall ratio", "CPU ratio", "results"]), "|" + " --- |" * (7 + len(columns))])


def rows(group, task, threads, times, check):
    """Returns the rows of a task, from the times of every side by label."""
    lines = []
    for row in task.rows:
        cells = [cell(times[label]) if label in row.peers else "" for label in labels(group)]
        lines.append(line([row.task, row.size, str(threads), cell(times["gpw"]), *cells,
                           ratio(times, row.peers, "wall"), ratio(times, row.peers, "cpu"), check]))
    return "\n".join(lines)


def labels(group):
    """Returns the columns of the peers."""
    return list(dict.fromkeys(peer.label for task in group.tasks for peer in task.peers))


def line(cells):
    return "| " + " | ".join(cells) + " |"


def cell(result):
    if isinstance(result, Exception):
        return textwrap.shorten(str(result), 80, placeholder=" …").replace("|", "/")
    return f"{milliseconds(result['wall'])} / {milliseconds(result['cpu'])}"


def milliseconds(seconds):
    ms = 1e3 * statistics.median(seconds)
    return f"{ms:,.0f}" if ms >= 100 else f"{ms:.3g}"


def ratio(times, peers, clock):
    """Returns the best peer's time over ours, and says so where ours is the longer."""
    theirs = [statistics.median(times[label][clock]) for label in peers if isinstance(times[label], dict)]
    if not theirs or not isinstance(times["gpw"], dict):
        return "–"
    r = min(theirs) / statistics.median(times["gpw"][clock])
    return f"{r:.2f}" + (" **loses**" if r < 1 else "")
