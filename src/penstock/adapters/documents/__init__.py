"""Documents that people read: fonts, page layouts, wording, and the machine-readable forms of an invoice."""
