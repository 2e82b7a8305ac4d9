"""Everything that is known to go wrong, by the number of the list of failure modes, and what must come of it.

Read it as a specification: `healed` = renewed in the same night all the same; `kept` = last night's edition goes on,
marked since when, and its message says the words; `loaded` = no fault to our eyes. In every mode every other table is
renewed in the same night, no figure is wrong, nothing is lost and the next night heals. These nights publish nothing:
that readers notice nothing of one that does is in mode `reader` and in test_a_night_of_faults.
"""

from __future__ import annotations

from sources.replay import Fault
from tests.archives import CBS
from tests.failures import by_hand, claims, protections, services
from tests.failures.play import EVERYTHING, ONE_SERVICE, Mode
from tests.failures.tables import HURT

ROWS = f"{HURT}/TypedDataSet?"
COUNT = f"{HURT}/TypedDataSet/$count"
UNCOUNTABLE = Fault("404", COUNT)
# A question about one table is shorter, one about two is longer.
LONGEST_QUESTION = 190
HANGS_UP_SOON = {"read_timeout": 0.8}
WAITS_LONG = {"read_timeout": 120.0, "total_timeout": 120.0}
WANTS_SPEED = {"minimum_rate": 80_000.0, "rate_window": 0.4}

PUBLISHED_MODES = {
    1: "connections reset for days",
    2: "reset in mid-table on a deep page",
    3: "truncated JSON with status 200",
    4: "empty reply",
    5: "503 under load",
    6: "429",
    7: "500 for ever on a corrupt table",
    8: "500 above 10,000 rows on the Api",
    9: "IPv6 address published, no route",
    10: "one slow stream",
    11: "never answers",
    12: "empty list with 200",
    13: "filter ignored, all rows returned",
    14: "short result without a message",
    15: "HTML error page with 200",
    16: "Atom unless JSON is asked",
    17: "nextLink to itself or to another origin",
    18: "data change between pages",
    19: "columns renumbered, renamed, added",
    20: "table replaced or stopped",
    21: "re-pull much smaller than the last",
    22: "abolished municipalities as null rows",
    23: "padded keys and texts, `.` in text topics",
    24: "float32 topics",
    25: "history corrected without notice",
    26: "internal host in catalogue links",
    27: "long `or` filter gives 500",
}
OWN_MODES = {
    "disk": "disk full",
    "kill": "kill -9 in mid-download",
    "two": "two refreshes at once",
    "clock": "clock-change night",
    "reader": "a reader holds the old publication open while a new one is made",
    "service": "a service that is slow, wrong or changed as a whole",
}

MODES = (
    Mode(
        1, "every connection reset, three nights long", "kept", ("opgegeven na 3 keer",), hurt=ONE_SERVICE, nights=3,
        faults=(Fault("reset", CBS),), without=protections.STALE_MARK,
    ),
    Mode(
        1, "connections of one table reset", "kept", (HURT, "opgegeven na 3 keer"),
        faults=(Fault("reset", f"{HURT}/"),), without=protections.FAULT_IS_A_RESULT,
    ),
    Mode(
        2, "reset on page three", "healed", large=True,
        faults=(Fault("reset", "$skip=20000", count=1, after_bytes=2000),), also=claims.one_page_again,
        without=protections.RETRIES,
    ),
    Mode(
        2, "reset on page three, each time", "kept", (HURT, "$skip=20000"), large=True,
        faults=(Fault("reset", "$skip=20000", after_bytes=2000),),
    ),
    Mode(3, "cut off below its length", "healed", faults=(Fault("truncate", ROWS, count=1),),
         without=protections.RETRIES),
    Mode(3, "cut off, length agrees", "healed", faults=(Fault("badjson", ROWS, count=1),), without=protections.RETRIES),
    Mode(3, "cut off each time", "kept", (HURT, "geen volledige JSON"), faults=(Fault("badjson", ROWS),)),
    Mode(4, "closed without an answer", "healed", faults=(Fault("empty", f"{HURT}/", count=1),),
         without=protections.RETRIES),
    Mode(4, "200 without a body", "healed", faults=(Fault("empty200", ROWS, count=1),), without=protections.RETRIES),
    Mode(4, "200 without a body, each time", "kept", (HURT,), faults=(Fault("empty200", ROWS),)),
    Mode(
        5, "503 twice, with Retry-After", "healed", faults=(Fault("503", ROWS, count=2, retry_after="7"),),
        also=claims.waited_as_asked, without=protections.RETRIES,
    ),
    Mode(5, "503 all night", "kept", (HURT, "HTTP 503"), faults=(Fault("503", f"{HURT}/"),)),
    Mode(
        6, "429 with Retry-After", "healed", faults=(Fault("429", ROWS, count=1, retry_after="7"),),
        also=claims.waited_as_asked, without=protections.RETRIES,
    ),
    Mode(
        7, "the same 500 four nights long", "kept", (HURT,), faults=(Fault("500", f"{HURT}/"),), nights=3,
        also=claims.left_alone_for_some_days, repair=services.next_release,
    ),
    Mode(8, "25,000 rows are never asked of the Api", "loaded", large=True, also=claims.never_the_api),
    Mode(9, "the name resolves to ::1 first, where nobody answers", "loaded", how=by_hand.over_ipv6_first),
    Mode(
        10, "a page trickles in", "healed", large=True, settings=WANTS_SPEED,
        faults=(Fault("slow", ROWS, count=1, bytes_per_second=40_000),), also=claims.one_page_again,
        without=protections.MINIMUM_THROUGHPUT,
    ),
    Mode(11, "one answer never comes", "healed", settings=HANGS_UP_SOON, faults=(Fault("hang", ROWS, count=1),),
         without=protections.RETRIES),
    Mode(
        11, "no answer ever comes", "kept", (HURT, "opgegeven na 3 keer"), settings=HANGS_UP_SOON,
        faults=(Fault("hang", f"{HURT}/"),),
    ),
    Mode(12, "keys padded in another way than listed", "kept", (HURT, "maar de dienst telt er"),
         arrange=services.pad_otherwise, repair=services.next_release),
    Mode(12, "no rows and a count of none", "kept", (HURT, "0 rijen, de vorige keer", "wis"),
         faults=(Fault("silent-empty", f"{HURT}/TypedDataSet"),), without=protections.SHRINK_GUARD),
    Mode(12, "no rows against a count", "kept", (HURT, "0 rijen, verwacht"), faults=(Fault("silent-empty", ROWS),)),
    Mode(
        13, "rows and count without the filter", "kept",
        ("voldoen niet aan het filter", f"filter_op_dienst=false voor cbs_{HURT}"),
        faults=(Fault("ignore-filter", f"{HURT}/TypedDataSet"),), without=protections.PREDICATE_AGAIN,
    ),
    Mode(13, "rows without the filter", "kept", ("voldoen niet aan het filter",),
         faults=(Fault("ignore-filter", ROWS),)),
    Mode(14, "one row left out, once", "healed", faults=(Fault("short", ROWS, count=1),), without=protections.RETRIES),
    Mode(14, "one row left out, each time", "kept", (HURT, "rijen, verwacht"), faults=(Fault("short", ROWS),),
         without=protections.COUNT_OF_ROWS),
    Mode(14, "one row left out in mid-table", "kept", (HURT, "9999 rijen"), large=True,
         faults=(Fault("short", "$skip=10000"),)),
    Mode(15, "an HTML page, once", "healed", faults=(Fault("html200", ROWS, count=1),), without=protections.RETRIES),
    Mode(15, "an HTML page, each time", "kept", (HURT, "JSON"), faults=(Fault("html200", ROWS),)),
    Mode(16, "JSON is asked in every request", "loaded", without=protections.FORMAT_IN_THE_QUERY),
    Mode(
        17, "a link to itself", "kept", (HURT, "heeft geen $skip"), large=True,
        faults=(UNCOUNTABLE, Fault("loop", ROWS, count=1)), without=protections.LINK_GUARD,
    ),
    Mode(
        17, "a link to another host", "kept", ("wijst naar elders.invalid",), large=True,
        faults=(UNCOUNTABLE, Fault("foreign", ROWS, count=1)), also=claims.one_page_and_no_more,
        without=protections.LINK_GUARD,
    ),
    Mode(18, "renewed once while it is read", "healed", faults=(Fault("change-modified-midway", HURT, count=1),)),
    Mode(18, "renewed all the time", "kept", (HURT, "tijdens het lezen vernieuwd"),
         faults=(Fault("change-modified-midway", HURT),)),
    Mode(
        18, "other rows from page two on", "healed", large=True, faults=(UNCOUNTABLE,),
        arrange=services.renew_after_first_page, without=protections.STAMP_AFTERWARDS,
    ),
    Mode(19, "columns renumbered", "loaded", ("kolommen", "gewijzigd"), arrange=services.renumber_columns,
         without=protections.NAME_WITHOUT_NUMBER),
    Mode(19, "a column of another name and another unit added", "loaded", ("kolommen", "gewijzigd"),
         arrange=services.add_columns),
    Mode(19, "column renamed", "kept", ("I 9.9.1", HURT, "Anders_7 [misdrijven]"), arrange=services.rename_column,
         repair=services.next_release),
    Mode(20, "stopped, with a successor beside it", "loaded", ("Stopgezet",), arrange=services.stop_the_table,
         also=claims.successor_is_left_alone),
    Mode(20, "no longer listed", "kept", (HURT, "staat niet meer in de catalogus"), arrange=services.withdraw,
         repair=services.bring_back),
    Mode(
        21, "a fifth of the rows", "kept", (HURT, "rijen, de vorige keer", "wis"), arrange=services.shrink,
        repair=services.next_release, without=protections.SHRINK_GUARD,
    ),
    Mode(
        21, "a fifth of the rows: the pointer waits for the check", "kept", (HURT,), arrange=services.shrink,
        repair=services.next_release, without=protections.POINTER_LAST,
    ),
    Mode(22, "an abolished gemeente is null, not 0", "loaded", also=claims.abolished_is_null),
    Mode(23, "keys are padded, texts hold `.`", "loaded", also=claims.keys_are_trimmed, without=protections.PADDING),
    Mode(24, "a Single keeps its decimals", "loaded", arrange=services.serve_singles),
    Mode(
        25, "other figures under the same stamp", "loaded", ("zonder nieuwe datum gewijzigd", "cellen"),
        arrange=services.correct_in_silence, how=by_hand.a_week_long, without=protections.WEEKLY_PULL,
    ),
    Mode(26, "links to a host that does not resolve", "loaded", arrange=services.name_internal_hosts),
    Mode(
        27, "the catalogue takes one id at a time", "healed", without=protections.HALVES,
        faults=(Fault("500", f"{CBS}/ODataCatalog", longer_than=LONGEST_QUESTION),),
    ),
    Mode(27, "the rows of one table cannot be asked", "kept", (HURT, "HTTP 500"),
         faults=(Fault("500", ROWS, longer_than=100),)),
    Mode("disk", "one table does not fit", "kept", ("large",), large=True, how=by_hand.under_a_file_limit),
    Mode("disk", "not a byte left", "kept", ("No space left",), large=True, hurt=EVERYTHING,
         how=by_hand.on_a_full_disk, room_for_marks=False),
    Mode("kill", "killed between two pages", "untouched", large=True, how=by_hand.killed, settings=WAITS_LONG,
         faults=(Fault("hang", "$skip=20000"),), without=protections.LEFTOVERS),
    Mode("two", "the second is refused, the first goes on", "healed", how=by_hand.two_at_once,
         settings=WAITS_LONG, faults=(Fault("hang", ROWS, count=1),), without=protections.LOCK),
    Mode("clock", "02:30 comes twice", "kept", (HURT,), faults=(Fault("reset", f"{HURT}/"),),
         how=by_hand.in_the_hour_that_comes_twice, nights=2),
    Mode("reader", "a new publication is made", "healed", how=by_hand.while_publishing,
         faults=(Fault("reset", ROWS, count=1),), without=protections.FOLDER_OF_ITS_OWN),
    Mode("service", "as slow as a drip", "kept", ("bytes per seconde",), hurt=ONE_SERVICE,
         settings={**WANTS_SPEED, "rate_window": 0.1}, faults=(Fault("slow", CBS, bytes_per_second=1_000),)),
    Mode("service", "an office network asks to log in", "kept", ("JSON",), hurt=ONE_SERVICE,
         faults=(Fault("html200", CBS),)),
    Mode("service", "moved elsewhere", "kept", ("HTTP 404",), hurt=ONE_SERVICE, faults=(Fault("404", CBS),)),
    Mode("service", "an empty catalogue", "kept", ("catalogus",), hurt=ONE_SERVICE,
         faults=(Fault("silent-empty", f"{CBS}/ODataCatalog"),)),
    Mode("service", "a thousand times as much", "kept", ("I 9.9.1", HURT, "unit_range.csv"),
         arrange=services.publish_in_thousandths, repair=services.next_release, without=protections.RANGE_OF_THE_UNIT),
    Mode("service", "the same figure twice, with two values", "kept", (HURT, "dubbele sleutels"),
         arrange=services.double_the_rows, repair=services.next_release, without=protections.KEYS_ARE_UNIQUE),
)  # fmt: skip
