// The main job through types that are made from the OpenAPI document: sign in, file, accept, read the summary.
// What the program is told comes as JSON in its first argument, what it found goes to standard output as JSON.
import createClient from "openapi-fetch";
import type { components, paths } from "./api.js";

type Observation = components["schemas"]["TortureComplaintObservation"];
type Told = { address: string; observer: string; coordinator: string; password: string; filing: Observation };

const told = JSON.parse(process.argv[2] ?? "{}") as Told;

async function signIn(username: string) {
  const open = createClient<paths>({ baseUrl: told.address });
  const { data, error } = await open.POST("/v1/auth/token", {
    body: { grant_type: "password", username, password: told.password },
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
  });
  if (error) throw new Error(error.code);
  return createClient<paths>({ baseUrl: told.address, headers: { Authorization: `Bearer ${data.access_token}` } });
}

const observer = await signIn(told.observer);
const coordinator = await signIn(told.coordinator);

const filed = await observer.POST("/v1/observations", { body: told.filing });
if (filed.error) throw new Error(filed.error.code);
const again = await observer.POST("/v1/observations", { body: told.filing });
if (again.error) throw new Error(again.error.code);
const refused = await observer.POST("/v1/observations", { body: { ...told.filing, captured_at: "yesterday" } });

const accepted = await coordinator.POST("/v1/observations/{observation_id}/review", {
  params: { path: { observation_id: filed.data.id } },
  body: { decision: "accept" },
});
if (accepted.error) throw new Error(accepted.error.code);

const summary = await coordinator.GET("/v1/cases/{case_id}/summary", { params: { path: { case_id: told.filing.case_id } } });
if (summary.error) throw new Error(summary.error.code);

const complaints = summary.data.figures.find((figure) => figure.key === "complaints.total");
console.log(
  JSON.stringify({
    filed: filed.data.status,
    again: again.data.status,
    refused: refused.error?.errors,
    accepted: accepted.data.status,
    complaints: complaints?.value,
    ledger: summary.data.complaints.ledger.map((line) => line.participant),
  }),
);
