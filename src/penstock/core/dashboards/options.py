"""What widgets show: the options of each type, as they are stored and sent. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, TypeAlias

from msgspec import Meta, Struct

from penstock.core.telemetry.aggregate import FUNCTIONS
from penstock.core.telemetry.buckets import parse_bucket
from penstock.kit.errors import InvalidInput

MAX_SERIES = 20
Id: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Word: TypeAlias = Annotated[str, Meta(min_length=1, max_length=64)]
Field: TypeAlias = Annotated[str, Meta(min_length=1, max_length=200)]
Label: TypeAlias = Annotated[str, Meta(max_length=100)]
Unit: TypeAlias = Annotated[str, Meta(max_length=32)]
Colour: TypeAlias = Annotated[
    str, Meta(pattern=r"^(#[0-9a-fA-F]{6})?$(?!\n)", extra={"form": "a colour such as #1a2b3c, or empty"})
]
Number: TypeAlias = Annotated[float, Meta(ge=-1e15, le=1e15)]
Percent: TypeAlias = Annotated[float, Meta(ge=0, le=100)]
Labels: TypeAlias = Annotated[dict[Word, Annotated[str, Meta(max_length=256)]], Meta(max_length=16)]
Decimals: TypeAlias = Annotated[int, Meta(ge=0, le=10)]
Fields: TypeAlias = Annotated[list[Field], Meta(min_length=1, max_length=20)]


class Source(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The devices that a widget shows: one, several, that of a variable of the dashboard, or all with some labels."""

    device_id: Id | None = None
    device_ids: Annotated[list[Id], Meta(max_length=50)] = []
    variable: Word | None = None
    labels: Labels = {}


class WidgetThreshold(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A level from which on a value has another colour."""

    value: Number
    color: Colour = ""
    label: Label = ""


Thresholds: TypeAlias = Annotated[list[WidgetThreshold], Meta(max_length=10)]


class LastValueOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="last_value"):
    """The latest value of a field. `unit` replaces that of the sensor."""

    source: Source
    field: Field
    label: Label = ""
    unit: Unit = ""
    decimals: Decimals | None = None
    thresholds: Thresholds = []


class GaugeOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="gauge"):
    """The latest value of a field on a scale from `min` to `max`."""

    source: Source
    field: Field
    min: Number = 0
    max: Number = 100
    label: Label = ""
    unit: Unit = ""
    decimals: Decimals | None = None
    thresholds: Thresholds = []


class ChartSeries(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A line of a chart. A source of several devices makes a line for each."""

    source: Source
    field: Field
    function: Literal["avg", "min", "max", "sum", "count", "first", "last"] = "avg"
    label: Label = ""
    color: Colour = ""
    axis: Literal["left", "right"] = "left"


class ChartOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="chart"):
    """Values over time. `bucket` is a length such as `15m`, or `auto`: chosen from the range."""

    series: Annotated[list[ChartSeries], Meta(min_length=1, max_length=MAX_SERIES)]
    style: Literal["line", "area", "bar"] = "line"
    bucket: Annotated[str, Meta(max_length=16)] = "auto"
    thresholds: Thresholds = []


class TableOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="table"):
    """Rows of values: the `latest` of each device, or the `readings` of the devices in the range, newest first."""

    source: Source
    fields: Fields
    show: Literal["latest", "readings"] = "latest"
    rows: Annotated[int, Meta(ge=1, le=500)] = 50


class MapOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="map"):
    """Devices where they are, with their state; and the latest value of a field."""

    source: Source
    field: Field | None = None


class StatusGridOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="status_grid"):
    """Whether devices are online, and their open alerts."""

    source: Source


class Pin(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A value at a place of an image. Units: per cent of the image's width and height, from its upper left corner."""

    x: Percent
    y: Percent
    source: Source
    field: Field
    label: Label = ""


class ImageOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="image"):
    """An image, such as a floor plan, with values. It is sent with `PUT /api/v2/widgets/{widget_id}/image`."""

    pins: Annotated[list[Pin], Meta(max_length=50)] = []
    alt: Label = ""


class TextOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="text"):
    """A text in Markdown. It is stored as it is."""

    text: Annotated[str, Meta(max_length=20_000)]


class CommandButtonOptions(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, tag_field="type", tag="command_button"):
    """A button that sends a command to a device. Who presses it sends the command with their own permissions."""

    device_id: Id
    command_id: Id
    parameters: dict[str, object] = {}
    label: Label = ""
    confirm: bool = True


WidgetOptions: TypeAlias = Annotated[
    LastValueOptions
    | GaugeOptions
    | ChartOptions
    | TableOptions
    | MapOptions
    | StatusGridOptions
    | ImageOptions
    | TextOptions
    | CommandButtonOptions,
    Meta(title="WidgetOptions"),
]
TYPES = ("last_value", "gauge", "chart", "table", "map", "status_grid", "image", "text", "command_button")
SINGLE = (LastValueOptions, GaugeOptions)
"""The types that show one device."""


def type_of(options: WidgetOptions) -> str:
    """The type of a widget."""
    return str(options.__struct_config__.tag)


def sources_of(options: WidgetOptions) -> Iterator[tuple[str, Source]]:
    """The sources of a widget, each with the path of its field in the options."""
    if isinstance(options, ChartOptions):
        yield from ((f"series[{at}].source", one.source) for at, one in enumerate(options.series))
    elif isinstance(options, ImageOptions):
        yield from ((f"pins[{at}].source", pin.source) for at, pin in enumerate(options.pins))
    elif not isinstance(options, TextOptions | CommandButtonOptions):
        yield "source", options.source


def check_options(options: WidgetOptions) -> None:
    """Check what the types of the fields do not say.

    Raises:
        InvalidInput: a source names no devices or names them in two ways, a scale is empty, or a bucket is unknown.
    """
    for path, source in sources_of(options):
        given = (source.device_id is not None, bool(source.device_ids), source.variable is not None, bool(source.labels))
        if sum(given) != 1:
            detail = "must have exactly one of device_id, device_ids, variable and labels"
            raise InvalidInput.field(f"options.{path}", detail, "required")
    if isinstance(options, GaugeOptions) and options.max <= options.min:
        raise InvalidInput.field("options.max", "must be greater than min")
    if isinstance(options, ChartOptions) and options.bucket != "auto":
        try:
            parse_bucket(options.bucket)
        except InvalidInput as error:
            raise InvalidInput.field("options.bucket", f"{error.errors[0].detail}, or auto") from None


def device_ids_of(options: WidgetOptions) -> list[tuple[str, str]]:
    """The ids of devices that a widget names, each with the path of its field in the options."""
    found = [("device_id", options.device_id)] if isinstance(options, CommandButtonOptions) else []
    for path, source in sources_of(options):
        if source.device_id is not None:
            found.append((f"{path}.device_id", source.device_id))
        found += [(f"{path}.device_ids[{at}]", one) for at, one in enumerate(source.device_ids)]
    return found


assert set(FUNCTIONS) == {"avg", "min", "max", "sum", "count", "first", "last"}
