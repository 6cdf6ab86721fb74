"""Where each table lies in the two long arrays that the loops of the search work on.

`t` holds whole numbers, `r` real ones. `t[N]` is a number itself; `t[AT_CODE]` is where a table begins, in
the array of its kind, so `t[t[AT_CODE] + attribute * t[N] + person]` is one entry. Two arrays in place of
sixty keep calls cheap, and lists serve in their place where nothing is compiled.
"""

# Numbers. A row is a group with its state: two more than groups, to look at changes.
(
    N,
    G,
    U,
    ROOM,
    TOPICS,
    AIMS,
    COLUMNS,
    TOPIC_WORDS,
    SLOTS,
    SLOT_WORDS,
    HOUR_AIMS,
    SET_WORDS,
    MOSTS,
    LEASTS,
    SHAREDS,
    POOLS,
    MOVABLES,
    FOES,
    ACTIVES,
    LIMITED,
    LIMIT,
    TIMELY,
) = range(22)

# Tables.
(
    AT_ALLOW,
    AT_ALLOW_ROW,
    AT_ANSWERED,
    AT_ASKS,
    AT_AT,
    AT_BEST,
    AT_BREACH,
    AT_BROKEN,
    AT_BROKEN_AT,
    AT_CODE,
    AT_COLUMN,
    AT_COUNTS,
    AT_EXPERTS,
    AT_FOE_ITEM,
    AT_FOE_START,
    AT_FREE,
    AT_HAS,
    AT_HAS_HOURS,
    AT_HAS_NUMBER,
    AT_HOME,
    AT_INTS,
    AT_IS_OPEN,
    AT_KIND,
    AT_KNOWS,
    AT_LANE,
    AT_LEAST,
    AT_LEAST_COUNT,
    AT_LEAST_HAS,
    AT_LINEAR,
    AT_LINEAR_SUM,
    AT_LIST_ITEM,
    AT_LIST_START,
    AT_LOGARITHM,
    AT_LOWEST,
    AT_MAXIMUM,
    AT_MEMBER,
    AT_MINIMUM,
    AT_MOST,
    AT_MOST_ITEM,
    AT_MOST_START,
    AT_MOVABLE,
    AT_NEEDS,
    AT_NUMBER,
    AT_ONLY,
    AT_OPTIONAL,
    AT_PLACE,
    AT_POOL_ITEM,
    AT_POOL_OF,
    AT_POOL_START,
    AT_QUORUM,
    AT_REACH,
    AT_REALS,
    AT_SETS,
    AT_SHARE,
    AT_SHARED_COUNT,
    AT_SHARED_QUORUM,
    AT_SIZE,
    AT_SLOT_MASK,
    AT_STAMP,
    AT_TALLY,
    AT_TARGET,
    AT_TOPIC,
    AT_TOTAL,
    AT_UNIT_ITEM,
    AT_UNIT_OF,
    AT_UNIT_START,
    AT_VALUES,
    AT_WHOLE,
    AT_ACTIVE,
    AT_IS_ACTIVE,
    AT_KEPT,
    AT_KEPT_SIZE,
    AT_WORTH,
    AT_PART,
    AT_STOOD,
    AT_LOOSE,
    AT_LOOSE_AT,
) = range(22, 99)

HEADER = 99

# Real numbers.
STAY, WORST_FIRST, SHARES, SOFT, REAL_HEADER = range(5)

LOGARITHMS = 1024
"""Entries in the table of logarithms."""

BITS = 62
"""Bits used of each word of a mask."""

REACHED = 5
"""Sets of slots kept per row and aim: more people free than needed, just enough, 1, 2 and 3 fewer."""

INTS = 3
"""Whole numbers kept per row and aim: answered; pairs of the same, or a count; isolated values, or needs."""

CHANCE = 2
"""Where in AT_WHOLE the two words of chance are; before them the whole breach, and how many are broken."""

WORK = 5
"""Where in AT_WHOLE the work done is counted, in nanoseconds of the machine that it was measured on."""

AWAY, LOOSE = 6, 7
"""Where in AT_WHOLE, while moves are limited, the people are counted who are not where they stood, and the
units that are loose: of somebody who is not there, or stood nowhere."""

# Kinds of aims.
(
    ALIKE,
    DIVERSE,
    ALIKE_NUMBERS,
    DIVERSE_NUMBERS,
    BALANCED,
    PROPORTIONAL,
    ISOLATED,
    ENOUGH,
    COMMON_NEEDS,
    COVERAGE,
    HOURS,
    SIZE,
    ALIKE_SETS,
) = range(13)
