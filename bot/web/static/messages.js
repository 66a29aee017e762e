// A reply as elements. Texts are set as text, never as markup.

const FINE = 12; // more steps than this are drawn without gaps

let counter = 0;

export function drawReply(reply, language, press) {
  const message = element("article", "message");
  message.lang = language;
  message.tabIndex = -1;
  const statements = reply.blocks.filter((block) => block.kind === "statement");
  // One statement is the card that asks; several are a list of them.
  message.classList.toggle("card", statements.length === 1);
  message.append(...reply.blocks.map((block) => BLOCKS[block.kind](block)));
  if (reply.choices.length) message.append(drawChoices(reply.choices, press));
  emphasise(message);
  name(message);
  return message;
}

export function drawOwn(text, speaker) {
  const bubble = element("p", "own");
  bubble.append(element("span", "unseen", `${speaker} `), text);
  bubble.setAttribute("aria-live", "off"); // who typed it knows it
  return bubble;
}

// What is shown after leaving: the link that leads back, and two buttons.
export function drawLeft(link, words, again) {
  const message = element("article", "message");
  message.tabIndex = -1;
  const field = element("input", "link");
  field.readOnly = true;
  field.value = link;
  field.setAttribute("aria-label", words.copy);
  const copy = element("button", "primary", words.copy);
  const anew = element("button", "", words.anew);
  copy.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard?.writeText(link);
    copy.textContent = words.copied;
  });
  anew.addEventListener("click", again);
  const row = element("div", "row");
  row.style.setProperty("--count", 2);
  row.append(copy, anew);
  const choices = element("div", "choices");
  choices.append(row);
  message.append(element("p", "", words.left), field, choices);
  return message;
}

const BLOCKS = {
  heading: ({ text }) => element("h2", "", text),
  paragraph: ({ text }) => element("p", "", text),
  notice: ({ text }) => element("p", "notice", text),
  statement: drawStatement,
  bullets: drawBullets,
  progress: drawProgress,
  link: drawLink,
  document: drawDocument,
  picture: drawPicture,
  page: ({ text, path }) => drawWay(text, path),
};

function drawStatement({ id, text }) {
  const statement = element("p", "statement");
  statement.append(element("span", "number", id), ` ${text}`);
  return statement;
}

function drawBullets({ items }) {
  // Items with a number, a box or a tick of their own need no bullet as well.
  const list = element("ul", items.every((item) => OWN_MARK.test(item)) ? "marked" : "");
  list.append(...items.map((item) => element("li", "", item)));
  return list;
}

// The label says it in words; the steps are its picture.
function drawProgress({ done, total, label }) {
  const progress = element("div", "progress");
  progress.setAttribute("role", "progressbar");
  progress.setAttribute("aria-label", label);
  progress.setAttribute("aria-valuemin", 0);
  progress.setAttribute("aria-valuemax", total);
  progress.setAttribute("aria-valuenow", done);
  progress.setAttribute("aria-valuetext", `${done}/${total}`);
  progress.append(drawSteps(done, total), element("span", "label", label));
  return progress;
}

function drawSteps(done, total) {
  const steps = element("span", total > FINE ? "steps fine" : "steps");
  for (let i = 0; i < total; i += 1) steps.append(element("span", i < done ? "done" : ""));
  return steps;
}

function drawLink({ text, url }) {
  const line = element("p");
  const link = element("a", "", text);
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener noreferrer";
  line.append(link);
  return line;
}

function drawDocument({ label, which, filename }) {
  const line = drawWay(label, address(which));
  line.firstChild.download = filename;
  return line;
}

// Within our own pages.
function drawWay(text, path) {
  const line = element("p");
  const link = element("a", "", text);
  link.href = path;
  line.append(link);
  return line;
}

// The words below say the same: where it cannot be made, it is gone.
function drawPicture({ which, alt }) {
  const picture = element("img", "picture");
  picture.alt = alt;
  picture.addEventListener("error", () => picture.remove());
  picture.src = address(which);
  return picture;
}

function address(which) {
  return `/documents/${encodeURIComponent(which)}`;
}

function drawChoices(rows, press) {
  const choices = element("div", "choices");
  for (const row of rows) {
    const line = element("div", "row");
    line.style.setProperty("--count", row.length);
    line.append(...row.map((choice) => drawChoice(choice, press)));
    choices.append(line);
  }
  return choices;
}

function drawChoice({ label, token, answers }, press) {
  const button = element("button", answers ? "answer" : "", label);
  button.type = "button";
  button.addEventListener("click", () => press(button, token));
  return button;
}

const OWN_MARK = /^(\d+(\.| –) |[☐☑])/;

// A number or a box to tick: one of several that are alike.
const ONE_OF_MANY = /^(\d+$|[☐☑])/;

// The natural way forward is the first button, but no answer may look better than another.
function emphasise(message) {
  const first = message.querySelector("button");
  const neutral = message.matches(".card") || first?.matches(".answer") || ONE_OF_MANY.test(first?.textContent);
  if (first && !neutral) first.classList.add("primary");
}

// What a screen reader says when the message gets the focus: all of it that matters at once.
function name(message) {
  const telling = message.querySelectorAll(".notice, h2, .label, .statement");
  const parts = telling.length ? [...telling] : [...message.children].slice(0, 1);
  message.setAttribute("aria-labelledby", parts.map(identify).join(" "));
}

function identify(part) {
  counter += 1;
  part.id = `part-${counter}`;
  return part.id;
}

function element(tag, style = "", text = "") {
  const made = document.createElement(tag);
  if (style) made.className = style;
  if (text) made.textContent = text;
  return made;
}
