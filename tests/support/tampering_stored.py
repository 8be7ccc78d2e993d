"""What may be done to what is stored and opened beside a log, and to all of it at once; the first sort goes into `TAMPERINGS` too."""

from tests.support.bundles import FORGER, HEARING, observation
from tests.support.tampering import TAMPERINGS, changed_row, tampering

__all__ = ["REWRITTEN", "TAMPERINGS"]


@tampering("row_changed 12 e4")
def a_word_of_what_is_stored_is_changed(book):
    return changed_row(book.bundle(), 4, narrative=book.rows[3]["narrative"])


@tampering("row_changed 12 e4")
def a_stored_observation_is_said_to_be_of_another_hearing(book):
    return changed_row(book.bundle(), 4, hearing=None)


@tampering("row_changed 14 e5")
def a_stored_observation_is_said_to_be_of_a_hearing(book):
    return changed_row(book.bundle(), 5, hearing=str(HEARING))


@tampering("row_changed 12 e4")
def a_stored_observation_is_said_to_be_somebody_elses(book):
    return changed_row(book.bundle(), 4, actor=str(HEARING))


@tampering("row_changed 12 e4")
def a_stored_observation_is_said_to_be_of_another_case(book):
    return changed_row(book.bundle(), 4, case=str(HEARING))


@tampering("row_changed 12 e4")
def the_time_of_a_stored_observation_is_changed(book):
    return changed_row(book.bundle(), 4, received_at="2012-04-06T10:00:00.000000Z")


@tampering("row_changed 12 e4")
def the_columns_by_which_an_observation_is_counted_are_changed(book):
    return changed_row(book.bundle(), 4, columns_agree=False)


@tampering("row_changed 12 e4")
def a_stored_observation_names_another_entry(book):
    return changed_row(book.bundle(), 4, seq=13)


@tampering("row_status 12 e4")
def what_was_rejected_is_stored_as_accepted(book):
    return changed_row(book.bundle(), 4, status="accepted")


@tampering("row_missing 12 e4")
def a_stored_observation_is_deleted(book):
    del book.rows[4]
    return book.bundle()


@tampering("row_without_leaf 3 e9")
def an_observation_is_stored_that_nobody_acknowledged(book):
    book.rows[9] = book.rows[1] | {"id": observation(9)}
    return book.bundle()


@tampering("row_twice 4 e9", "row_without_leaf 3 e9")
def an_observation_that_nobody_acknowledged_is_stored_twice(book):
    book.rows |= {9: book.rows[1] | {"id": observation(9)}, 10: book.rows[1] | {"id": observation(9), "seq": 4}}
    return book.bundle()


@tampering("row_twice 12 e4", "row_twice 13 e4")
def an_observation_is_stored_twice(book):
    book.rows |= {20: book.rows[4], 21: book.rows[4] | {"seq": 13, "status": "held"}}
    return book.bundle()


# Openings.


@tampering("opening_changed 12 e4", "opening_changed 16 e6")
def the_words_of_two_observations_are_swapped(book):
    four, six = (next(n for n, each in enumerate(book.openings) if each["id"] == observation(m)) + 1 for m in (4, 6))
    for name in ("text", "salt"):
        book.openings[four][name], book.openings[six][name] = book.openings[six][name], book.openings[four][name]
    return book.bundle()


@tampering("opening_changed 12 e4")
def the_two_texts_of_an_observation_are_swapped(book):
    for each in book.openings:
        if each["id"] == observation(4):
            each["column"] = {"answers": "narrative", "narrative": "answers"}[each["column"]]
    return book.bundle()


@tampering("opening_changed 8 e3")
def a_word_is_changed(book):
    book.openings[7]["text"] += " "
    return book.bundle()


@tampering("opening_without_leaf - e9")
def a_text_is_shown_that_nobody_acknowledged(book):
    book.openings.append(book.openings[0] | {"id": observation(9)})
    return book.bundle()


# What only somebody who remembers can see.

REWRITTEN = {}
"""By name: the change, and what is found of it where 5, 10 and 18 entries are remembered. Without that the bundle is sound in itself."""


def rewriting(*told):
    def keep(change):
        REWRITTEN[change.__name__] = (change, list(told))
        return change

    return keep


@rewriting("known_differs 10 -", "known_differs 18 -")
def the_log_is_rewritten_from_entry_7_on_and_signed_with_the_real_key(book):
    book.leaves[8]["facts"]["received_at"] = book.rows[3]["received_at"] = "2012-04-05T09:00:00.000000Z"
    return book.bundle()


@rewriting("known_ahead 18 -")
def an_earlier_state_is_handed_out(book):
    del book.leaves[15:]
    del book.rows[6]
    book.rows[5]["status"] = "submitted"
    book.openings = [each for each in book.openings if each["id"] != observation(6)]
    book.sizes = [5, 10, 15]
    return book.bundle()


@rewriting("known_differs 5 -", "known_differs 10 -", "known_differs 18 -")
def everything_is_signed_with_another_key_after_a_change(book):
    book.seed = FORGER
    book.leaves[0]["at"] = "2012-04-05T09:00:00.000000Z"
    return book.bundle()


@rewriting("known_differs 18 -")
def the_last_entry_is_exchanged(book):
    book.leaves[17]["facts"] = {"openings": False}
    return book.bundle()
