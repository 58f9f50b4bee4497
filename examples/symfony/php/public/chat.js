const connection = document.getElementById("connection");
const messages = document.getElementById("messages");
const notice = document.getElementById("notice");
const { say, rename } = document.forms;

// Cookies ignore ports: the browser sends the session cookie of Symfony to Node, too.
const socket = new WebSocket(`ws://${location.hostname}:${connection.dataset.port}/chat`);

socket.addEventListener("message", ({ data }) => {
  const news = JSON.parse(data);
  if (news.type === "welcome") show("open", "Connected to Node.");
  else if (news.type === "said") addMessage(news);
  else notice.textContent = news.text;
});

socket.addEventListener("close", ({ code }) => {
  connection.dataset.closeCode = code;
  connection.querySelector("a").hidden = false;
  if (code === 1008) show("ended", "You have been signed out.");
  else show("lost", "The connection to Node is lost.");
});

onSubmit(say, ({ text }) => {
  socket.send(JSON.stringify({ type: "say", text: text.value }));
  text.value = "";
});
onSubmit(rename, ({ name }) => socket.send(JSON.stringify({ type: "rename", text: name.value })));

function show(state, sentence) {
  connection.dataset.state = state;
  connection.querySelector("span").textContent = sentence;
}

function addMessage({ name, text }) {
  const line = document.createElement("li");
  const sender = document.createElement("b");
  sender.textContent = name;
  line.append(sender, ` ${text}`);
  messages.append(line);
}

function onSubmit(form, run) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (socket.readyState === WebSocket.OPEN) run(form.elements);
  });
}
