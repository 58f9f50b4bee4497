import { keepConnected } from "./connection.js";
import { addMessage, addUnsent, showMessages, showPeople } from "./messages.js";
import { showPanel } from "./panel.js";
import { followSessions } from "./sessions.js";
import { showConnection, toast } from "./status.js";
import { Wishes } from "./wishes.js";

const forms = document.forms;
const wishes = new Wishes();
let person;
let ownName = forms.rename.elements.name.value;

const connection = keepConnected({ onState: follow, onMessage: hear });

function follow(state) {
  showConnection(state);
  for (const form of [forms.say, forms.rename, forms.notice, forms.silence, forms.heal]) {
    if (form) form.querySelector("button").disabled = state.name !== "open";
  }
  if (state.name !== "open") wishes.giveUp();
}

function hear(news) {
  switch (news.type) {
    case "welcome":
      person = news.person;
      showOwnName(news.name);
      return showMessages(news.said, person);
    case "said":
      return addMessage(news.said, person);
    case "people":
      return showPeople(news.names);
    case "renamed":
      return showOwnName(news.name);
    case "panel":
      followSessions(news.panel.openSessions);
      return showPanel(news.panel);
    default:
      return wishes.settle(news);
  }
}

/** Leaves a field alone while it is being edited. */
function showOwnName(name) {
  const field = forms.rename.elements.name;
  if (field.value === ownName) field.value = name;
  ownName = name;
}

const field = forms.say.elements.text;
let putBack = "";

// The next message may be typed and sent while this one is under way.
forms.say.addEventListener("submit", async (event) => {
  event.preventDefault();
  const text = field.value;
  const unsent = addUnsent(text);
  field.value = putBack = "";
  field.focus(); // the button has taken the focus
  try {
    await wishes.send(connection, { type: "say", text });
  } catch (error) {
    toast(error.message, "bad");
    keepInField(text);
  } finally {
    unsent.remove();
  }
});

/** Puts a refused message in front of the text being typed, and behind earlier refused ones, to be sent again. */
function keepInField(text) {
  const isThere = field.value.startsWith(putBack);
  const typed = isThere ? field.value.slice(putBack.length) : field.value;
  putBack = `${isThere ? putBack : ""}${text.trim()} `;
  field.value = putBack + typed;
}

onSubmit(forms.rename, async ({ name }) => {
  await wishes.send(connection, { type: "rename", name: name.value });
  toast("Your name is saved. The next page greets you by it.", "good");
});

onSubmit(forms.notice, async () => {
  const response = await fetch("/notice", { method: "POST" }).catch(() => undefined);
  if (!response?.ok) throw new Error("The notice was not stored: the session store is not answering.");
  toast("A notice waits for your next page. Reload to see it once.", "good");
});

if (forms.silence) {
  onSubmit(forms.silence, () => wishes.send(connection, { type: "silence" }));
  onSubmit(forms.heal, () => wishes.send(connection, { type: "heal" }));
}

/** Runs an action when a form is submitted. The button shows that it is under way, and a failure is reported. */
function onSubmit(form, run) {
  const button = form.querySelector("button");
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.ariaBusy === "true") return;
    button.ariaBusy = "true";
    try {
      await run(form.elements);
    } catch (error) {
      toast(error.message, "bad");
    } finally {
      button.ariaBusy = "false";
    }
  });
}
