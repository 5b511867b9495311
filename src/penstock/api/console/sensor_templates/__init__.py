"""The pages of sensor templates."""
