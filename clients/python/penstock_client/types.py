"""The types of bodies and answers, one for each schema of the document: dictionaries at run time (`TypedDict`)."""

from ._generated.schemas import *  # noqa: F403
