"""Defects that `tests/promises/planted_defects.py` plants, each with the test that must notice it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Defect:
    """A change of one file, a text for a text that stands there once, and the test that notices it."""

    name: str
    file: str
    old: str
    new: str
    test: str


DEFECTS = (
    Defect(
        "SQLite commits before the disk has it (synchronous=NORMAL)",
        "app/kit/database.py",
        '"synchronous=FULL"',
        '"synchronous=NORMAL"',
        "tests/accounts/test_command_line.py::test_a_database_that_could_lose_what_it_acknowledged_is_refused[sqlite]",
    ),
    Defect(
        "a start does not ask whether commits reach the disk",
        "app/kit/durability.py",
        '"journal_mode": "wal", "synchronous": _FULL, ',
        '"journal_mode": "wal", ',
        "tests/accounts/test_command_line.py::test_a_database_that_could_lose_what_it_acknowledged_is_refused[sqlite]",
    ),
    Defect(
        "an answer is given although the commit failed",
        "app/kit/writer.py",
        "            answers = self._written(session, contents, loop)\n            session.commit()\n",
        "            answers = self._write_group(session, contents)\n            try:\n                session.commit()\n"
        "            except Exception:\n                return answers\n",
        "tests/promises/test_unnoticed.py::test_nothing_is_acknowledged_whose_commit_fails[sqlite]",
    ),
    Defect(
        "an answer is given before the commit",
        "app/kit/writer.py",
        "        with Session(self._database.writing, expire_on_commit=False) as session:\n"
        "            answers = self._written(session, contents, loop)\n            session.commit()\n            return answers\n",
        "        session = Session(self._database.writing, expire_on_commit=False)\n"
        "        answers = self._written(session, contents, loop)\n"
        "        threading.Timer(0.3, lambda: (session.commit(), session.close())).start()\n        return answers\n",
        "tests/promises/test_unnoticed.py::test_whoever_is_answered_finds_it_stored_already[sqlite]",
    ),
    Defect(
        "a group that fails is not tried again one by one",
        "app/kit/writer.py",
        "answers = [self._alone(content) for content in alone] if may_help else [fault]",
        "answers = [fault]",
        "tests/kit/test_writer.py::test_one_bad_ticket_does_not_harm_its_neighbours[sqlite]",
    ),
    Defect(
        "a duplicate is answered with a new receipt",
        "app/observations/intake.py",
        "received = times[each.key].received_at if each.key in times else at",
        "received = at",
        "tests/observations/test_filing.py::test_the_same_again_is_200_with_the_same_receipt[sqlite]",
    ),
    Defect(
        "another's id with equal content is answered as a duplicate",
        "app/observations/intake.py",
        "if known.member_id in each.standing.members and self",
        "if self",
        "tests/observations/test_intake.py::test_an_id_that_another_observer_used_is_a_conflict_even_with_equal_content[sqlite]",
    ),
    Defect(
        "nobody waits at the head of a log",
        "app/journal/queries.py",
        'query += " FOR UPDATE"',
        'query += ""',
        "tests/promises/test_unnoticed.py::test_two_who_write_into_one_log_take_their_numbers_one_after_the_other[postgresql]",
    ),
    Defect(
        "a leaf commits to a text without its salt",
        "app/observations/canonical.py",
        "place.encode() + salt + text.encode()",
        "place.encode() + text.encode()",
        "tests/observations/test_canonical.py::test_a_commitment_binds_place_column_salt_and_text",
    ),
    Defect(
        "a leaf commits to a name as it is sealed",
        "app/cases/sealing.py",
        "return Sealed(seal(self.key, place, plaintext, salt=salt), commit(place, salt, plaintext))",
        "blob = seal(self.key, place, plaintext, salt=salt)\n        return Sealed(blob, commit(place, salt, blob))",
        "tests/promises/test_unnoticed.py::test_a_name_in_the_journal_is_committed_to_as_it_was_typed_and_not_as_it_is_sealed[sqlite]",
    ),
    Defect(
        "the journal can be changed",
        "app/kit/database.py",
        '            for verb in ("UPDATE", "DELETE")\n',
        "            for verb in ()\n",
        "tests/migrations/test_migrations.py::test_the_journal_refuses_changes_whoever_asks[sqlite]",
    ),
    Defect(
        "a checkpoint is signed without looking at what is stored",
        "app/journal/checkpoints.py",
        "if digest != entry.leaf_hash or not is_told(entry):",
        "if not is_told(entry):",
        "tests/journal/test_checkpoints.py::test_an_entry_that_was_changed_is_not_signed",
    ),
    Defect(
        "a token without an end is good",
        "app/kit/tokens.py",
        '    _demand(set(claims) == _CLAIMS and claims["typ"]',
        '    claims.setdefault("exp", now + 1)\n    _demand(set(claims) == _CLAIMS and claims["typ"]',
        "tests/kit/test_tokens.py::test_a_forged_token_is_refused",
    ),
    Defect(
        "a token of another algorithm is good",
        "app/kit/tokens.py",
        'header["alg"] == ALGORITHM and header["typ"] == TYPE)\n    _part(parts[1])\n'
        '    claims = jwt.decode(token, ring[header["kid"]], algorithms=[ALGORITHM],',
        'header["typ"] == TYPE)\n    _part(parts[1])\n    claims = jwt.decode(token, ring[header["kid"]], algorithms=[header["alg"]],',
        "tests/kit/test_tokens.py::test_a_forged_token_is_refused[a longer hash]",
    ),
    Defect(
        "a session that ended is remembered as alive",
        "app/accounts/callers.py",
        "            scope = scope_query(session, [holder]).get(holder)\n",
        '            known = reader.__dict__.setdefault("scopes", {})\n'
        "            scope = known.setdefault(holder, scope_query(session, [holder]).get(holder))\n",
        "tests/accounts/test_revocation.py::test_a_disabled_account_is_out_at_once_and_in_again_only_by_signing_in[sqlite]",
    ),
    Defect(
        "a phone's refresh is taken without its signature",
        "app/accounts/sign_in.py",
        "        if not devices.is_signed(device, signed.header, signed.body):\n",
        "        if signed.header and not devices.is_signed(device, signed.header, signed.body):\n",
        "tests/accounts/test_devices.py::test_a_refresh_takes_the_signature_of_the_phone_and_nothing_changes_without_it[sqlite]",
    ),
    Defect(
        "a token may name any device",
        "app/accounts/callers.py",
        " and scope.device_id == each.device_id}",
        "}",
        "tests/accounts/test_devices.py::test_a_token_that_names_another_device_than_its_session_is_nobodys[sqlite]",
    ),
    Defect(
        "a phone holds every right of its person",
        "app/accounts/queries.py",
        "    AND (d.id IS NULL OR d.programme_id = m.programme_id AND d.member_id = m.id)\n",
        "",
        "tests/accounts/test_devices.py::test_a_phone_does_what_its_observer_may_and_nothing_else_of_the_person[sqlite]",
    ),
    Defect(
        "Argon2 does not run for names that nobody has",
        "app/accounts/passwords.py",
        "        given = normal_password(password)\n        is_right",
        "        given = normal_password(password)\n        if kept is None:\n            return False\n        is_right",
        "tests/accounts/test_sign_in.py::test_argon2_runs_once_for_every_password_grant",
    ),
    Defect(
        "failures are counted under a name as it was typed",
        "app/accounts/sign_in.py",
        "key = known_key(username) or folded(username)",
        "key = folded(username)",
        "tests/accounts/test_floods.py::test_blanks_around_a_name_are_no_other_name_to_guess_under[sqlite]",
    ),
    Defect(
        "a member of another programme is shown",
        "app/accounts/service.py",
        '    """A member of a programme."""\n    check_coordinator(session, scope, programme_id)\n',
        '    """A member of a programme."""\n',
        "tests/promises/test_other_programmes.py::test_an_id_in_a_path_leads_nowhere_unless_it_is_of_ones_own_programme",
    ),
    Defect(
        "observers may list who belongs to a programme",
        "app/accounts/service.py",
        '    """Members of a programme, removed ones included."""\n    check_coordinator(session, scope, programme_id)\n',
        '    """Members of a programme, removed ones included."""\n    scope.require(programme_id, COORDINATOR, OBSERVER)\n',
        "tests/accounts/test_members.py::test_only_coordinators_manage_members_and_only_of_their_programme[sqlite]",
    ),
    Defect(
        "a body is read before it is known who sends it",
        "app/kit/access.py",
        "            await admit(request, self.policy)\n            check_repeats(request, parameters)\n"
        "            strict = StrictRequest(request.scope, counted(request.receive, largest))\n",
        "            strict = StrictRequest(request.scope, counted(request.receive, largest))\n            await strict.body()\n"
        "            await admit(request, self.policy)\n            check_repeats(request, parameters)\n",
        "tests/promises/test_sizes.py::test_nothing_is_read_for_whoever_may_not_ask_or_asks_in_another_way",
    ),
    Defect(
        "a field that nobody knows is ignored",
        "app/kit/wire.py",
        'extra="forbid", strict=True',
        'extra="ignore", strict=True',
        "tests/promises/test_mass_assignment.py::test_every_route_that_takes_json_takes_no_field_that_the_server_decides_about",
    ),
    Defect(
        "of two equal keys the last is taken",
        "app/kit/wire.py",
        "    if len(found) != len(pairs):\n",
        "    if len(found) > len(pairs):\n",
        "tests/promises/test_bad_bodies.py::test_a_fault_of_the_document_fails_the_whole_request",
    ),
    Defect(
        "a cursor is taken as it comes",
        "app/kit/paging.py",
        " or not hmac.compare_digest(tag, self._tag(of, content)):",
        ":",
        "tests/promises/test_parameters.py::test_a_cursor_of_one_list_is_forged_on_any_other",
    ),
    Defect(
        "faults of the database tell their parameters",
        "app/kit/database.py",
        '"hide_parameters": True',
        '"hide_parameters": False',
        "tests/promises/test_unnoticed.py::test_the_text_of_a_database_fault_holds_no_parameter[sqlite]",
    ),
    Defect(
        "faults of a body tell what it holds",
        "app/kit/wire.py",
        "hide_input_in_errors=True",
        "hide_input_in_errors=False",
        "tests/promises/test_unnoticed.py::test_the_text_of_a_fault_in_a_body_does_not_repeat_it",
    ),
    Defect(
        "an answer repeats what was wrong in a body",
        "app/kit/problems.py",
        "    return errors.invalid(*faults)\n",
        '    told = Problem(Kind(faults[0].code, 422), faults, facts={"input": str(found[0].get("input"))})\n    return told\n',
        "tests/promises/test_every_error.py::test_a_problem_tells_nothing_of_what_was_sent[sqlite-invalid_request]",
    ),
    Defect(
        "a pointer repeats whatever key was sent",
        "app/kit/problems.py",
        "takewhile(_FIELD_NAME.fullmatch, place.split",
        "takewhile(str, place.split",
        "tests/promises/test_every_error.py::test_a_problem_tells_nothing_of_what_was_sent[sqlite-invalid_request]",
    ),
    Defect(
        "a stale edit of an identity is answered with the name",
        "app/cases/identities/service.py",
        "    etags.check(if_match, standing)\n",
        "    try:\n        etags.check(if_match, standing)\n    except Problem as stale:\n"
        '        stale.facts["names"] = keeper.open(_place_of(row), row.sealed).decode() if row else ""\n        raise\n',
        "tests/cases/test_identities.py::test_an_edit_of_another_version_is_refused[sqlite]",
    ),
    Defect(
        "a log line holds the address that was asked for",
        "app/kit/middleware.py",
        '        "route": getattr(route, "path", "unrouted"),\n',
        '        "route": scope["path"],\n',
        "tests/promises/test_every_error.py::test_a_problem_tells_nothing_of_what_was_sent[sqlite-not_found]",
    ),
    Defect(
        "a log line holds the text of a fault",
        "app/kit/problems.py",
        '    log.error("internal fault", extra={"facts": {"fault": kind_of(fault), ',
        '    log.error("internal fault", extra={"facts": {"fault": str(fault), ',
        "tests/promises/test_every_error.py::test_a_problem_tells_nothing_of_what_was_sent[sqlite-internal]",
    ),
    Defect(
        "what is not known counts as zero",
        "app/summaries/counting.py",
        "UNKNOWN = Figure(None)",
        "UNKNOWN = Figure(0)",
        "tests/summaries/test_robustness.py::test_of_nothing_all_is_null_or_a_minimum",
    ),
    Defect(
        "what comes of a locked hearing counts at once where observers are trusted",
        "app/observations/arrivals.py",
        " and not arrival.is_late",
        "",
        "tests/observations/test_locked_hearings.py::test_what_comes_after_the_lock_is_kept_flagged_and_waits_even_where_observers_are_trusted[sqlite]",
    ),
    Defect(
        "a second question is lost",
        "app/observations/review.py",
        "fresh = [row for row in rows if said.text not in known.get(row.id, ())]",
        "fresh = [row for row in rows if row.id not in known]",
        "tests/observations/test_thread.py::test_a_second_question_is_asked_too_and_the_same_one_again_is_asked_once[sqlite]",
    ),
    Defect(
        "what another observer says otherwise is called plain",
        "app/observations/plain.py",
        " - disputed",
        "",
        "tests/observations/test_plain.py::test_what_two_observers_say_otherwise_of_the_same_is_not_plain[sqlite]",
    ),
    Defect(
        "what a phone is given is noted only the first time",
        "app/journal/exposures.py",
        "row.last_on >= day",
        "bool(row.last_on)",
        "tests/promises/test_seized_phone.py::test_after_ninety_days_it_is_forgotten[sqlite]",
    ),
    Defect(
        "copies of pictures keep what their camera wrote",
        "app/evidence/copies.py",
        "    return fresh\n",
        "    fresh.info = image.info\n    return fresh\n",
        "tests/evidence/test_contents.py::test_copies_of_a_picture_hold_pixels_and_nothing_of_what_a_camera_wrote_beside_them[sqlite-image/jpeg]",
    ),
    Defect(
        "a file may act where it is opened",
        "app/evidence/routes.py",
        "default-src 'none'; sandbox",
        "default-src 'none'",
        "tests/evidence/test_contents.py::test_twenty_liars_are_kept_and_flagged_and_leave_as_bytes_that_do_nothing[sqlite]",
    ),
    Defect(
        "the name of a file is a path",
        "app/evidence/rules.py",
        '_LIKE_A_PATH.sub("_", filename or "")',
        '(filename or "")',
        "tests/evidence/test_limits.py::test_the_name_of_a_file_is_sealed_and_leads_nowhere[sqlite]",
    ),
    Defect(
        "what came of an upload that is too large stays",
        "app/evidence/reception.py",
        "await self.give_up(upload, problem.kind.code)",
        "await part.forget()",
        "tests/evidence/test_limits.py::test_a_stream_without_end_fills_neither_memory_nor_the_store[sqlite]",
    ),
)
SAMPLE = (DEFECTS[1],)
"""What the suite plants by itself; the rest takes minutes."""
