"""Babel knows far more of a language than is asked here, and keeps it in memory: 6 MB, if one lets it."""

from babel import core, localedata

UNUSED = (
    "compact_currency_formats",
    "compact_decimal_formats",
    "compound_unit_patterns",
    "currency_names",
    "currency_names_plural",
    "currency_symbols",
    "date_fields",
    "datetime_skeletons",
    "interval_formats",
    "meta_zones",
    "unit_display_names",
    "unit_patterns",
)
"""What Babel's data has on units, currencies, and ways to write dates and zones that nothing here shows."""


def trim(*locales: str) -> None:
    """Forget what is unused of these locales, and what is known of all the world besides.

    Those that one inherits from come with it: each has a copy of its own in Babel's cache.
    """
    for name in locales:
        known = localedata.load(name)
        for key in UNUSED:
            known.pop(key, None)
    # Aliases, likely scripts, territories: read while a locale is loaded, and read again if asked for.
    core._global_data = None
