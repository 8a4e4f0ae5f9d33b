/* The messenger without a reload: what the team answers appears by itself, and what is written stays until it is sent. */

const messages = document.querySelector("#messages");
const form = document.querySelector("form.compose");
const field = document.querySelector("#body");
const problem = document.querySelector("#problem");

document.querySelector(".send small").hidden = false;
for (const time of document.querySelectorAll("time")) showTime(time);

if (messages) {
  scrollToEnd();
  listen(messages.dataset.events);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void send();
  });
}

field.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  form.requestSubmit();
});

/** Follows the conversation; the browser itself connects again when the connection is lost. */
function listen(address) {
  const live = document.querySelector("#live");
  const stream = new EventSource(address);
  stream.addEventListener("open", () => {
    live.textContent = "Answers appear here as they are sent.";
  });
  stream.addEventListener("error", () => {
    live.textContent = "Connection lost; trying again.";
  });
  stream.addEventListener("conversation", (event) => {
    const conversation = JSON.parse(event.data);
    document.querySelector("#closed").hidden = conversation.state !== "closed";
    const shown = new Map([...messages.children].map((item) => [item.dataset.id, item]));
    let isNew = false;
    for (const message of conversation.messages) {
      const item = shown.get(message.id);
      if (item) {
        fill(item, message);
      } else {
        messages.append(fill(blank(), message));
        isNew = true;
      }
    }
    if (isNew) scrollToEnd();
  });
}

async function send() {
  const button = form.querySelector("button.main");
  const text = field.value;
  const body = new URLSearchParams(new FormData(form));
  problem.textContent = "";
  button.disabled = true;
  try {
    const response = await fetch(form.action, { method: "POST", body });
    if (!response.ok) throw new Error(await reasonOf(response));
    if (field.value === text) field.value = "";
  } catch (error) {
    const isKnown = error instanceof Error && error.name === "Error" && error.message !== "";
    problem.textContent = isKnown ? error.message : "It could not be sent. Your text is kept; try again.";
  } finally {
    button.disabled = false;
    field.focus();
  }
}

/** What the server says is wrong with a message. */
async function reasonOf(response) {
  const answer = new DOMParser().parseFromString(await response.text(), "text/html");
  return answer.querySelector("#problem")?.textContent ?? "";
}

function blank() {
  return document.querySelector("#message").content.cloneNode(true).querySelector("article");
}

/** Only ever sets text, never markup. Does nothing to a message that is the same. */
function fill(item, { id, from, name, text, attachments, at }) {
  item.dataset.id = id;
  item.className = `message ${from}`;
  setText(item.querySelector("b"), name);
  setText(item.querySelector(".text"), text);
  const files = item.querySelector(".files");
  setText(files, attachments.length > 0 ? `Attached: ${attachments.join(", ")}` : "");
  files.hidden = attachments.length === 0;
  const time = item.querySelector("time");
  if (time.dateTime !== at) {
    time.dateTime = at;
    showTime(time);
  }
  return item;
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

/** In the reader's zone and language. */
function showTime(time) {
  if (time.dateTime === "") return;
  const at = new Date(time.dateTime);
  time.textContent = at.toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" });
}

function scrollToEnd() {
  messages.scrollTop = messages.scrollHeight;
  // On a narrow screen it is the page that scrolls.
  scrollTo(0, document.documentElement.scrollHeight);
}
