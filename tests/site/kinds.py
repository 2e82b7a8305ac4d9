"""One page of each kind, and those that are unlike the others of their kind."""

from serving.site.places import gemeente_page, kpi_page

BREDA = gemeente_page("GM0758")
LONELINESS = kpi_page("I 4.1.1")

KINDS = {
    "start": "index.html",
    "gemeente": BREDA,
    "gemeente zonder eigen cijfers": gemeente_page("GM1680"),
    "Nederland": gemeente_page("NL"),
    "hele organisatie": gemeente_page("ORG"),
    "kpi": LONELINESS,
    "kpi zonder bron": kpi_page("I 4.1.2"),
    "kpi van de organisatie": kpi_page("E 4.1.1"),
    "vergelijken": "vergelijken.html",
    "vergelijken, gekozen": "vergelijken.html?g=GM0758,GM0855,GM0363",
    "definities": "definities.html",
    "bronnen": "bronnen.html",
    "downloads": "downloads.html",
}

# One of each kind, for what takes longer.
MAIN = {
    kind: KINDS[kind]
    for kind in ("start", "gemeente", "kpi", "vergelijken, gekozen", "definities", "bronnen", "downloads")
}
