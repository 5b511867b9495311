"""Creates the two data files in this folder from the unpacked package that SOURCE.md names. Not part of the program.

Usage: python convert.py FOLDER, where FOLDER contains `demo_datafile.csv` and `demo_metadatafile.csv`.
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from pathlib import Path

HERE = Path(__file__).parent
DAYS = ("2022-09-04", "2022-09-05", "2022-09-06")
OFFLINE = "vlinder05"
COLUMNS = [
    ("temperature", "Temperatuur"),
    ("humidity", "Vochtigheid"),
    ("pressure", "Luchtdruk"),
    ("rain", "Neerslagintensiteit"),
    ("rain_today", "Neerslagsom"),
    ("wind_direction", "Windrichting"),
    ("wind_speed", "Windsnelheid"),
    ("wind_gust", "Rukwind"),
    ("globe_temperature", "Globe Temperatuur"),
]


def convert(folder: Path) -> None:
    readings = [
        [row["Vlinder"], f"{row['Datum']}T{row['Tijd (UTC)']}Z", *(_value(key, row[old]) for key, old in COLUMNS)]
        for row in _rows(folder / "demo_datafile.csv", ";")
        if row["Datum"] in DAYS
    ]
    text = _csv([["station", "recorded_at", *(key for key, _ in COLUMNS)], *sorted(readings)])
    (HERE / "vlinder.csv.gz").write_bytes(gzip.compress(text, compresslevel=9, mtime=0))
    places = _rows(folder / "demo_metadatafile.csv", ",")
    stations = [[row[old] for old in ("Vlinder", "stad", "benaming", "lat", "lon")] for row in places]
    (HERE / "vlinder_stations.csv").write_bytes(_csv([["key", "town", "place", "latitude", "longitude"], *stations]))


def _rows(path: Path, delimiter: str) -> list[dict[str, str]]:
    rows = csv.DictReader(path.read_text("utf-8-sig").splitlines(), delimiter=delimiter)
    return [row for row in rows if row["Vlinder"] != OFFLINE]


def _value(key: str, text: str) -> str:
    """The recorded value; pascals become hectopascals by moving the decimal point, so nothing is rounded."""
    return f"{text[:-2]}.{text[-2:]}" if key == "pressure" else text


def _csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


if __name__ == "__main__":
    convert(Path(sys.argv[1]))
