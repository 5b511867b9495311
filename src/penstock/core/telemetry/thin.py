"""Thinning a series for a chart: fewer points that draw the same line.

Largest triangle three buckets. The first and the last point are kept. The points between are divided into equal buckets, and each
bucket contributes the point that forms the largest triangle with the point chosen before it and the mean of the next bucket.
Peaks are kept, which a mean would flatten. The result is for display only and does not preserve statistics.

Source: S. Steinarsson, "Downsampling Time Series for Visual Representation", University of Iceland, 2013, section 4.2.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from penstock.kit.errors import InvalidInput

_MIN_POINTS = 3


def lttb(times: Sequence[int], values: Sequence[float], points: int) -> list[int]:
    """The indices to keep, ascending, `points` of them; all if there are at most that many.

    Of equal triangles the earliest point wins. Times ascend, values are finite, both have the same length.

    Raises:
        InvalidInput: `points` is below 3: the first, the last and one between are the minimum.
    """
    if points < _MIN_POINTS:
        raise InvalidInput.field("points", f"must be at least {_MIN_POINTS}")
    if len(times) <= points:
        return list(range(len(times)))
    heights = _floats(values)
    # Integer arithmetic: with a float step the boundary of a bucket can be one point off.
    inner, buckets = len(times) - 2, points - 2
    borders = [1 + inner * bucket // buckets for bucket in range(buckets + 1)]
    borders.append(len(times))  # the "next bucket" of the last one is the last point
    chosen = [0]
    for start, end, next_end in zip(borders, borders[1:], borders[2:], strict=False):
        chosen.append(_tallest(times, heights, chosen[-1], (start, end, next_end)))
    return [*chosen, len(times) - 1]


def _tallest(times: Sequence[int], heights: Sequence[float], anchor: int, span: tuple[int, int, int]) -> int:
    """The index in [start, end) whose triangle with the anchor and the mean of [end, next_end) is largest."""
    start, end, next_end = span
    anchor_us, anchor_height = times[anchor], heights[anchor]
    width = sum(times[end:next_end]) / (next_end - end) - anchor_us
    rise = sum(heights[end:next_end]) / (next_end - end) - anchor_height
    best, best_area = start, -1.0
    for index, (time_us, height) in enumerate(zip(times[start:end], heights[start:end], strict=True), start):
        area = abs(width * (height - anchor_height) - (time_us - anchor_us) * rise)  # twice the area
        if area > best_area:
            best, best_area = index, area
    return best


def _floats(values: Sequence[float]) -> list[float]:
    """The values as floats. JSON allows integers that no float can represent: those become the largest float."""
    try:
        return list(map(float, values))
    except OverflowError:
        limit = int(sys.float_info.max)
        return [float(min(max(value, -limit), limit)) for value in values]
