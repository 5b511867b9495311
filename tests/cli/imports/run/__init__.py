"""The course of an import."""
