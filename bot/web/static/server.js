// Talking to the server. An event is put into an envelope with its own id once, and the same
// envelope is sent again after a failure: the server takes each id only once.

const AGAIN = [408, 429]; // too slow, too fast: the same may go well in a moment

const PATIENCE = 20_000; // milliseconds: a slow mobile network, and not for ever

const JSON_TYPE = { "Content-Type": "application/json" };

export class Failure extends Error {
  // `again`: sending the same envelope once more may help. `sentence`: the server's own words.
  constructor(again, sentence = "") {
    super(sentence || "no answer");
    this.again = again;
    this.sentence = sentence;
  }
}

export function envelope(event) {
  return JSON.stringify({ id: uuid(), event });
}

export function look() {
  return ask({ method: "GET" });
}

export function deliver(sealed, language) {
  const headers = { "Content-Type": "application/json", "Accept-Language": language };
  return ask({ method: "POST", headers, body: sealed });
}

// Leaving returns the key of this conversation and takes it out of the browser; a key brings it back.
export async function leave() {
  return (await ask({ method: "POST", headers: JSON_TYPE, body: "{}" }, "/leave")).key;
}

export function comeBack(key) {
  return ask({ method: "POST", headers: JSON_TYPE, body: JSON.stringify({ key }) }, "/return");
}

async function ask(options, address = "/chat") {
  const signal = AbortSignal.timeout(PATIENCE);
  let response;
  let answer;
  try {
    response = await fetch(address, { ...options, signal });
    answer = await response.json();
  } catch {
    // No connection, or a proxy's page in place of our answer.
    throw new Failure(true);
  }
  if (!response.ok) throw new Failure(response.status >= 500 || AGAIN.includes(response.status), answer.error?.message);
  return answer;
}

// crypto.randomUUID is missing where the page came over plain http.
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
