// One file to the server by tus 1.0 (tus.io/protocols/resumable-upload): it goes on from where the server has it, however often it was cut.

import { digestOf } from "./digest.js";

const TUS = { "Tus-Resumable": "1.0.0" };
const LARGEST_PART = 512 * 1024;
const SMALLEST_PART = 32 * 1024;

const text64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
const bytes64 = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes)));

export const metadata = (told) =>
  Object.entries(told)
    .filter(([, value]) => value)
    .map(([name, value]) => `${name} ${text64(value)}`)
    .join(",");

// Send `file` with `call`; `between` is waited for after each part. Gives "stored", or a fault `{code, errors}` that sending again will not mend. Throws what `call` throws, and
// `refusal(answer)` for whatever may pass.
export async function upload(file, { call, refusal, progress = () => {}, between = () => {} }) {
  file.sha256 ??= await digestOf(file.blob);
  const { id, observation_id, name, type, sha256 } = file;
  const head = { ...TUS, "Upload-Length": String(file.blob.size) };
  head["Upload-Metadata"] = metadata({ id, observation_id, filename: name, filetype: type, sha256 });
  const begun = await call("attachments", { method: "POST", headers: head });
  if (!begun.ok) return settled(begun, refusal);
  return fed(file, placed(begun, id), offsetOf(begun) ?? 0, { call, refusal, progress, between });
}

// Where the upload lies, relative to /v1/; an address on another host is never followed.
function placed(answer, id) {
  const found = /\/v1\/(attachments\/[0-9A-Za-z-]+)$/.exec(answer.headers.get("Location") ?? "");
  return found ? found[1] : `attachments/${id}`;
}

function offsetOf(answer) {
  const told = answer.headers.get("Upload-Offset");
  return told !== null && /^\d+$/.test(told) ? Number(told) : null;
}

async function fed(file, place, from, { call, refusal, progress, between }) {
  let size = LARGEST_PART;
  let misses = 0;
  for (let at = from; at < file.blob.size;) {
    progress(at, file.blob.size);
    const part = await file.blob.slice(at, at + size).arrayBuffer();
    const checksum = `sha256 ${bytes64(await crypto.subtle.digest("SHA-256", part))}`;
    const headers = { ...TUS, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(at), "Upload-Checksum": checksum };
    const answer = await call(place, { method: "PATCH", headers, body: part, timeout: 180_000 });
    if (answer.ok) {
      at = offsetOf(answer) ?? at + part.byteLength;
      misses = 0;
      await between();
    } else if (++misses > 6) {
      throw await refusal(answer);
    } else if (answer.status === 409) {
      const fault = await refusal(answer);
      if (fault.code !== "offset_conflict") return outcome(fault);
      at = await standing(place, { call, refusal });
    } else if (answer.status === 460 || answer.status === 408) {
      // Noise on the line, or a line too slow for parts of this size.
      size = Math.max(SMALLEST_PART, size / 4);
      at = await standing(place, { call, refusal });
    } else {
      return settled(answer, refusal);
    }
  }
  progress(file.blob.size, file.blob.size);
  return "stored";
}

async function standing(place, { call, refusal }) {
  const answer = await call(place, { method: "HEAD", headers: TUS });
  const offset = offsetOf(answer);
  if (!answer.ok || offset === null) throw await refusal(answer);
  return offset;
}

async function settled(answer, refusal) {
  return outcome(await refusal(answer));
}

function outcome(fault) {
  if (fault.code === "already_received") return "stored";
  if (![400, 403, 404, 409, 413, 415, 422].includes(fault.status)) throw fault;
  return { code: fault.errors[0]?.code ?? fault.code, errors: fault.errors };
}
