// The rules that only the phone has: what is asked next, what is taken over, what time it claims, what lies in no future.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";

import { asked, bodyOf, called, claimed, faultsOf, formOf, lastDay, progress, takenOver, tidy } from "./forms.js";

const { forms, vocabularies, indicators } = JSON.parse(readFileSync(0, "utf-8"));
const known = Object.fromEntries(Object.entries(forms).map(([code, shown]) => [code, formOf(shown, vocabularies, indicators)]));
const { hearing, torture_complaint: complaint, access_restriction: restriction } = known;

// What hangs on an answer that hangs on another goes with the first; the draft keeps it.
const told = { basis: "told_by_counsel", informant_role: "relative", informant_ref: "S-1" };
assert.deepEqual(tidy(restriction, { ...told, basis: "seen" }), { basis: "seen" });
assert.deepEqual(tidy(restriction, told), told);
assert.ok(asked(restriction, told).has("informant_ref"));
assert.ok(!asked(restriction, { ...told, basis: "seen" }).has("informant_ref"));
assert.ok(!asked(restriction, told).has("hearing_ref"));

// A report is called for by a yes, and by nothing else.
assert.deepEqual(called(hearing, { torture_complaint_today: "yes", retraction_today: "could_not_tell" }), [
  { question: "torture_complaint_today", form: "torture_complaint" },
]);

// Taken over: the same question with the same terms, unless it depends on something.
const before = { court_language: "kk", basis: "heard", confidence: "high", note: "n", openness: "open" };
assert.deepEqual(takenOver(complaint, hearing, before), { basis: "heard", confidence: "high" });

assert.deepEqual(progress(hearing, {}), { needed: 31, given: 0 });
assert.deepEqual(progress(hearing, { any_defendant_absent: "yes", absent_who: [] }), { needed: 32, given: 1 });

// A pattern means on the phone what it means on the server: letters of every alphabet.
const pattern = { code: "seat", type: "text", required: false, constraint: { pattern: "^[\\w-]+ \\d{1,3}\\w?$" } };
const seats = formOf({ code: "x_seats", sections: [{ questions: [pattern] }] }, {}, []);
const judged = (seat) => faultsOf(seats, { seat }, { today: "2012-04-05" }).map((fault) => fault.code);
assert.deepEqual(judged("Қатар-ә 12б"), []);
assert.deepEqual(judged("Қатар. 12"), ["wrong_format"]);

// Files that an answer names: ids, each once, and as many as are asked for.
const scans = { code: "scans", type: "attachment_refs", required: false, constraint: { min_items: 2 } };
const asking = formOf({ code: "x_scans", sections: [{ questions: [scans] }] }, {}, []);
const [one, other] = ["5b0a4c52-5a0e-4d5a-9a30-0e4f2a1d7c11", "5b0a4c52-5a0e-4d5a-9a30-0e4f2a1d7c12"];
const named = (answer) => faultsOf(asking, { scans: answer }, { today: "2012-04-05" }).map((fault) => fault.code);
assert.deepEqual([named([one, other]), named([one]), named([one, one]), named(["photo.jpg", one])], [[], ["too_few_items"], ["duplicate_item"], ["not_found"]]);
assert.deepEqual(tidy(asking, { scans: [] }), {});

// The phone's claim: its own time with its own offset (this runs in Kathmandu).
assert.equal(claimed(new Date(Date.UTC(2012, 3, 5, 10, 20, 7))), "2012-04-05T16:05:07+05:45");

// A phone two years behind knows from the hearing's day that it is not the past; one that is right allows a day for zones.
assert.equal(lastDay(new Date(2010, 3, 5), "2012-04-05"), "2012-04-05");
assert.equal(lastDay(new Date(2012, 11, 31), "2012-04-05"), "2013-01-01");
assert.equal(lastDay(new Date(2012, 3, 5), null), "2012-04-06");

// A programme's own form is sent as the API has it: custom, with a list of answers.
const own = formOf({ code: "x_room", sections: [{ questions: [{ code: "benches", type: "integer", required: true }] }] }, {}, []);
const body = bodyOf(own, { id: "i", form_version: "1", case_id: "c", answers: { benches: 3 }, supersedes: "s" }, "t");
assert.deepEqual(body, {
  id: "i",
  form: "custom",
  form_code: "x_room",
  form_version: "1",
  case_id: "c",
  hearing_id: null,
  captured_at: "t",
  supersedes: "s",
  answers: [{ question: "benches", value: 3 }],
});
