"""The templates of the system. An id is for ever: a template is added at the end, and none is removed.

Sources: the quantities and units are those of the SenML units registry (RFC 8428, section 12.1, and RFC 8798), written as in the
SI Brochure (BIPM, 9th edition); levels of sound, signal and dust as in IEC 61672-1, IEEE Std 802.15.4 and Directive 2008/50/EC.
"""

from __future__ import annotations

from penstock.core.sensor import ValueType
from penstock.core.sensor_templates.models import SensorTemplate
from penstock.kit.ids import SensorTemplateId

_FLOAT, _INTEGER, _BOOLEAN = ValueType.FLOAT, ValueType.INTEGER, ValueType.BOOLEAN
_ROWS: tuple[tuple[str, str, str, ValueType], ...] = (
    ("Temperature", "temperature", "°C", _FLOAT),
    ("Relative humidity", "humidity", "%", _FLOAT),
    ("Dew point", "dew_point", "°C", _FLOAT),
    ("Air pressure", "pressure", "hPa", _FLOAT),
    ("Carbon dioxide", "co2", "ppm", _FLOAT),
    ("Volatile organic compounds", "tvoc", "ppb", _FLOAT),
    ("Particulate matter PM1", "pm1", "µg/m³", _FLOAT),
    ("Particulate matter PM2.5", "pm2_5", "µg/m³", _FLOAT),
    ("Particulate matter PM10", "pm10", "µg/m³", _FLOAT),
    ("Illuminance", "illuminance", "lx", _FLOAT),
    ("Sound level", "sound_level", "dB", _FLOAT),
    ("Battery level", "battery", "%", _FLOAT),
    ("Battery voltage", "battery_voltage", "V", _FLOAT),
    ("Voltage", "voltage", "V", _FLOAT),
    ("Current", "current", "A", _FLOAT),
    ("Active power", "power", "W", _FLOAT),
    ("Reactive power", "reactive_power", "var", _FLOAT),
    ("Apparent power", "apparent_power", "VA", _FLOAT),
    ("Power factor", "power_factor", "", _FLOAT),
    ("Frequency", "frequency", "Hz", _FLOAT),
    ("Energy", "energy", "kWh", _FLOAT),
    ("Volume", "volume", "m³", _FLOAT),
    ("Flow", "flow", "m³/h", _FLOAT),
    ("Fill level", "fill_level", "%", _FLOAT),
    ("Level", "level", "m", _FLOAT),
    ("Distance", "distance", "m", _FLOAT),
    ("Mass", "mass", "kg", _FLOAT),
    ("Wind speed", "wind_speed", "m/s", _FLOAT),
    ("Wind direction", "wind_direction", "°", _FLOAT),
    ("Rainfall", "rainfall", "mm", _FLOAT),
    ("Irradiance", "irradiance", "W/m²", _FLOAT),
    ("Soil moisture", "soil_moisture", "%", _FLOAT),
    ("Soil temperature", "soil_temperature", "°C", _FLOAT),
    ("Electrical conductivity", "conductivity", "µS/cm", _FLOAT),
    ("Acidity", "ph", "pH", _FLOAT),
    ("Speed", "speed", "m/s", _FLOAT),
    ("Acceleration", "acceleration", "m/s²", _FLOAT),
    ("Latitude", "latitude", "°", _FLOAT),
    ("Longitude", "longitude", "°", _FLOAT),
    ("Altitude", "altitude", "m", _FLOAT),
    ("Signal strength", "rssi", "dBm", _FLOAT),
    ("Signal-to-noise ratio", "snr", "dB", _FLOAT),
    ("Pulses", "pulses", "", _INTEGER),
    ("People", "people", "", _INTEGER),
    ("Open", "open", "", _BOOLEAN),
    ("Motion", "motion", "", _BOOLEAN),
    ("Leak", "leak", "", _BOOLEAN),
    ("Smoke", "smoke", "", _BOOLEAN),
)
COMMON: dict[SensorTemplateId, SensorTemplate] = {
    SensorTemplateId(number): SensorTemplate(
        id=SensorTemplateId(number), name=name, key=key, unit=unit, value_type=value_type, system=True
    )
    for number, (name, key, unit, value_type) in enumerate(_ROWS, 1)
}
