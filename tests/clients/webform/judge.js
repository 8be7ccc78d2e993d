// Judges filled forms with the phone's own rules: cases on standard input, verdicts on standard output.

import { readFileSync } from "node:fs";

import { bodyOf, faultsOf, formOf, tidy } from "./forms.js";

const { forms, vocabularies, indicators, today, cases } = JSON.parse(readFileSync(0, "utf-8"));
const known = Object.fromEntries(Object.entries(forms).map(([code, shown]) => [code, formOf(shown, vocabularies, indicators)]));

const verdicts = cases.map(({ form, answers, hearing }) => {
  const draft = { id: "an id", form_version: "1.1.0", case_id: "a case", hearing_id: hearing, answers };
  return {
    faults: faultsOf(known[form], answers, { hearing, today }).map((fault) => [fault.pointer, fault.code]),
    tidied: tidy(known[form], answers),
    sent: bodyOf(known[form], draft, "2012-04-05T15:20:00+05:00").answers,
  };
});
process.stdout.write(JSON.stringify(verdicts));
