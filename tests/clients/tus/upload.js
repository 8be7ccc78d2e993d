// Files as the reference client of tus sends them, over lines that are cut; prints what came of it as one object.
import { createHash, randomBytes } from "node:crypto";
import net from "node:net";
import * as tus from "tus-js-client";

const given = JSON.parse(process.argv[2]);
const there = new URL(given.address);
const MIB = 1024 * 1024;

// A line that is cut whenever so many bytes went up; the cuts that are left are counted.
function aLossyLine(every, cuts) {
  const state = { cuts };
  const line = net.createServer((near) => {
    let carried = 0;
    const far = net.connect(Number(there.port), there.hostname);
    near.on("data", (content) => {
      carried += content.length;
      if (state.cuts > 0 && carried >= every) {
        state.cuts -= 1;
        near.destroy();
        far.destroy();
      } else if (!far.write(content)) {
        near.pause();
        far.once("drain", () => near.resume());
      }
    });
    far.on("data", (content) => near.write(content));
    for (const [one, other] of [[near, far], [far, near]]) {
      one.on("error", () => other.destroy());
      one.on("close", () => other.destroy());
    }
  });
  return new Promise((made) => line.listen(0, "127.0.0.1", () => made({ line, state, address: `http://127.0.0.1:${line.address().port}` })));
}

// The end of an upload: how it went, how often the server was asked what, where it lies.
function sent(content, { address = given.address, token = given.token, metadata = {}, headers = {}, prepare = () => {}, ...options } = {}) {
  const asked = {};
  return new Promise((told) => {
    const upload = new tus.Upload(content, {
      endpoint: `${address}/v1/attachments`,
      headers: { Authorization: `Bearer ${token}`, ...headers },
      metadata: { observation_id: given.observation, filename: "video.mp4", filetype: "video/mp4", ...metadata },
      retryDelays: [0, 20, 50, 100, 100, 100],
      onBeforeRequest: (request) => {
        const method = request.getMethod();
        asked[method] = (asked[method] ?? 0) + 1;
        prepare(request, asked[method]);
      },
      onSuccess: () => told({ status: "sent", asked, url: upload.url }),
      onError: (error) => told({ status: error.originalResponse?.getStatus() ?? String(error), code: codeOf(error), asked, url: upload.url }),
      ...options,
    });
    options.made?.(upload);
    upload.start();
  });
}

function codeOf(error) {
  const body = error.originalResponse?.getBody();
  return body ? JSON.parse(body).code : null;
}

const digest = (content) => createHash("sha256").update(content).digest("hex");
const pathOf = (url) => new URL(url).pathname;

async function aVideoOnABadLine() {
  const content = randomBytes(given.mebibytes * MIB);
  const { line, state, address } = await aLossyLine(Math.floor(content.length / 7), 5);
  const found = await sent(content, { address, metadata: { sha256: digest(content) } });
  line.close();
  return { status: found.status, asked: found.asked, cuts_left: state.cuts, path: pathOf(found.url), sha256: digest(content) };
}

async function aPhoneThatIsSwitchedOff() {
  const content = randomBytes(6 * MIB);
  let first;
  const halfway = await new Promise((reached) => {
    sent(content, {
      chunkSize: 3 * MIB,
      made: (upload) => { first = upload; },
      onChunkComplete: (_, accepted) => first.abort().then(() => reached(accepted)),
    });
  });
  const found = await sent(content, { uploadUrl: first.url });
  return { halfway, status: found.status, asked: found.asked, same: found.url === first.url, path: pathOf(found.url), sha256: digest(content) };
}

async function aWrongOffset() {
  const content = randomBytes(1000);
  const prepare = (request, time) => { if (request.getMethod() === "PATCH" && time === 1) request.setHeader("Upload-Offset", "17"); };
  const found = await sent(content, { prepare });
  return { status: found.status, asked: found.asked, path: pathOf(found.url), sha256: digest(content) };
}

async function anothersUpload() {
  const content = randomBytes(1000);
  const mine = await sent(content, { chunkSize: 500, made: (upload) => { upload.options.onChunkComplete = () => upload.abort().then(() => upload.options.onSuccess()); } });
  const alien = { Authorization: `Bearer ${given.stranger}` };
  const resumed = await sent(content, { token: given.stranger, endpoint: null, uploadUrl: mine.url });
  const ended = await tus.Upload.terminate(mine.url, { headers: alien, retryDelays: [] }).then(() => 204, (error) => error.originalResponse.getStatus());
  const own = await tus.Upload.terminate(mine.url, { headers: { Authorization: `Bearer ${given.token}` } }).then(() => 204);
  return { resumed: resumed.status, ended, own };
}

const brief = ({ status, code, asked }) => ({ status, code, asked });
const small = randomBytes(100);
const found = {
  bad_line: await aVideoOnABadLine(),
  switched_off: await aPhoneThatIsSwitchedOff(),
  wrong_offset: await aWrongOffset(),
  too_large: brief(await sent(small, { uploadSize: 200 * MIB + 1 })),
  wrong_digest: brief(await sent(small, { metadata: { sha256: digest(randomBytes(1)) } })),
  another: await anothersUpload(),
};
// Lines that the server keeps open would keep this program running.
process.stdout.write(JSON.stringify(found), () => process.exit(0));
