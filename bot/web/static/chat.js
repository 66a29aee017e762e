// The conversation: one event at a time goes out, and its replies come in.

import { drawLeft, drawOwn, drawReply } from "./messages.js";
import { comeBack, deliver, envelope, Failure, leave, look } from "./server.js";

const byId = (id) => document.getElementById(id);
const log = byId("log");
const field = byId("field");
const composer = byId("composer");
const trouble = byId("trouble");

let words = {};
let waiting = false;

// --- Opening ---------------------------------------------------------------------------------

async function open() {
  byId("closed").hidden = true;
  try {
    await returnByLink();
    const answer = await look();
    byId("shortcuts").hidden = composer.hidden = false;
    speak(answer);
    show(drawAll(answer));
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    byId("closed").hidden = false;
  }
}

// A link that was kept on leaving carries its key behind the #. It is taken out of the address at once.
async function returnByLink() {
  const key = location.hash.slice(1);
  if (!/^[\w-]{32}$/.test(key)) return;
  history.replaceState(null, "", location.pathname);
  await comeBack(key);
}

// --- Leaving a shared computer -----------------------------------------------------------------

async function goAway() {
  if (waiting) return;
  try {
    showLeft(`${location.origin}/#${await leave()}`);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    explain(words.trouble);
  }
}

function showLeft(link) {
  byId("shortcuts").hidden = composer.hidden = true;
  trouble.replaceChildren();
  const message = drawLeft(link, words, () => location.replace(location.pathname));
  log.replaceChildren(message);
  message.focus({ preventScroll: true });
}

// The page's own words follow the language of the conversation.
function speak({ language, interface: texts }) {
  words = texts;
  document.documentElement.lang = language;
  log.setAttribute("aria-label", words.conversation);
  field.setAttribute("aria-label", words.field);
  field.placeholder = words.field;
  byId("send").setAttribute("aria-label", words.send);
  for (const button of document.querySelectorAll("[data-word]")) {
    button.textContent = words[button.dataset.word];
  }
}

// --- What the person does --------------------------------------------------------------------

function press(button, token) {
  if (waiting) return;
  const message = button.closest(".message");
  button.classList.add("pressed");
  send({ event: { kind: "pressed", token }, message });
}

function say(text, options = {}) {
  if (!waiting) send({ event: { kind: "said", text }, ...options });
}

composer.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = field.value.trim();
  if (waiting || !text) return;
  const own = drawOwn(text, words.you);
  log.append(own);
  own.scrollIntoView({ block: "nearest" });
  field.value = "";
  say(text, { own });
});

// Enter sends, Shift+Enter makes a new line; an Enter that picks a word of an input method does not.
field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  composer.requestSubmit();
});

for (const button of document.querySelectorAll("[data-says]")) {
  button.addEventListener("click", () => say(button.dataset.says));
}
byId("reopen").addEventListener("click", open);
byId("leave").addEventListener("click", goAway);

// --- Sending ---------------------------------------------------------------------------------

// `sending` is {event, message, own}: the message that was tapped, or the person's own bubble.
function send(sending) {
  sending.sealed = envelope(sending.event);
  return attempt(sending);
}

async function attempt(sending) {
  wait(sending, true);
  try {
    const answer = await deliver(sending.sealed, document.documentElement.lang);
    wait(sending, false);
    arrive(answer, sending);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    if (failure.again) offerAgain(sending, failure);
    else giveBack(sending, failure);
  }
}

function wait(sending, on) {
  waiting = on;
  log.setAttribute("aria-busy", on);
  if (on) trouble.replaceChildren();
  enable(sending.message, !on);
}

function enable(message, on) {
  for (const button of message?.querySelectorAll("button") ?? []) {
    button.disabled = !on;
    if (on) button.classList.remove("pressed");
  }
}

// The same envelope again: until it is through, nothing else is sent, so nothing is lost.
function offerAgain(sending, failure) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = words.again;
  const retry = () => {
    removeEventListener("online", retry);
    attempt(sending);
  };
  button.addEventListener("click", retry);
  addEventListener("online", retry);
  explain(failure.sentence || (navigator.onLine ? words.trouble : words.offline), button);
  button.focus({ preventScroll: true });
}

// It can't be sent as it is: the person gets it back, to change it or to choose otherwise.
function giveBack(sending, failure) {
  wait(sending, false);
  explain(failure.sentence || words.trouble);
  sending.message?.focus({ preventScroll: true });
  if (!sending.own) return;
  sending.own.remove();
  field.value = sending.event.text;
  field.focus();
}

function explain(sentence, ...more) {
  const line = document.createElement("p");
  line.textContent = sentence;
  trouble.replaceChildren(line, ...more);
}

// --- Showing ---------------------------------------------------------------------------------

function drawAll({ replies, language }) {
  return replies.map((reply) => ({ reply, message: drawReply(reply, language, press) }));
}

function arrive(answer, sending) {
  const drawn = drawAll(answer);
  const focused = !sending.own || isTouch();
  speak(answer);
  // Spoken once: where the focus goes there, it is read by that; else by the live region.
  if (focused) for (const { message } of drawn) message.setAttribute("aria-live", "off");
  // Who had everything deleted does not leave their answers on the screen.
  if (answer.forgotten) log.replaceChildren();
  show(drawn, answer.forgotten ? null : sending.message);
  if (focused) drawn[0]?.message.focus({ preventScroll: true });
}

function show(drawn, tapped) {
  for (const message of log.querySelectorAll(".message")) message.classList.add("past");
  drawn.forEach(({ reply, message }, index) => {
    if (tapped && reply.replaces && index === 0) tapped.replaceWith(message);
    else log.append(message);
  });
  if (drawn.length) reveal(drawn[0].message);
}

// The whole message where it fits between the bars; its start where it doesn't.
function reveal(message) {
  const { scrollMarginTop, scrollMarginBottom } = getComputedStyle(message);
  const room = innerHeight - parseFloat(scrollMarginTop) - parseFloat(scrollMarginBottom);
  const fits = message.offsetHeight <= room;
  message.scrollIntoView({ block: fits ? "nearest" : "start" });
}

// On a phone the keyboard would hide the reply: the focus leaves the field, and it closes.
function isTouch() {
  return matchMedia("(pointer: coarse)").matches;
}

// iOS lays its keyboard over the page and only says so here.
visualViewport?.addEventListener("resize", () => {
  const hidden = innerHeight - visualViewport.height * visualViewport.scale;
  document.documentElement.style.setProperty("--keyboard", `${Math.max(0, hidden)}px`);
});

open();
