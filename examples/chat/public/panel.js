const byId = (id) => document.getElementById(id);
let shown;
let shownAt = 0;

/** Times arrive as durations, because the clocks of two machines differ; the page continues to count them. */
export function showPanel(panel) {
  shown = panel;
  shownAt = performance.now();
  render();
}

setInterval(() => shown && render(), 1000);

function render() {
  const { backend, layers, process, sockets, check, trial } = shown;
  byId("backend").textContent = backend;
  fill(byId("layers"), layers);
  if (process !== undefined) byId("socket-process").textContent = process;
  fill(
    byId("sockets"),
    sockets.map(
      ({ process, number, openForMs, isThis }) =>
        `no. ${number}${process === undefined ? "" : ` in process ${process}`}, for ${seconds(openForMs)}${isThis ? " (this tab)" : ""}`,
    ),
  );
  byId("check").hidden = check === undefined;
  if (check) renderCheck(check);
  if (byId("trial-report")) renderTrial(trial);
}

function renderCheck({ answeredAgoMs, ping, reconnection, everySeconds }) {
  const isIdle = answeredAgoMs !== undefined && answeredAgoMs + elapsed() > everySeconds * 1000;
  byId("answered").textContent =
    answeredAgoMs === undefined
      ? "The store has not been used yet."
      : `Last answer ${seconds(answeredAgoMs)} ago: the next use ${isIdle ? "pings first" : "needs no ping"}.`;
  byId("ping").textContent = attempts("ping", "pings", ping);
  byId("reconnection").textContent = attempts("reconnection", "reconnections", reconnection);
}

function attempts(one, many, { count, failed, isRunning, last }) {
  if (isRunning) return `A ${one} is under way…`;
  if (!last) return `No ${many} yet.`;
  const outcome = last.result === "ok" ? "worked" : `failed (${last.result})`;
  const all = `${count} ${count === 1 ? one : many}, ${failed} failed.`;
  return `${all} The last ${outcome} after ${Math.round(last.tookMs)} ms, ${seconds(last.agoMs)} ago.`;
}

function renderTrial(trial) {
  byId("heal").hidden = !trial || trial.isHealed;
  if (!trial) return;
  const { waitedMs, result } = trial.bareClient;
  const bare =
    result === "waiting"
      ? `ioredis as it comes has been waiting for ${seconds(waitedMs)}.`
      : `ioredis as it comes ${result === "answered" ? "got its answer" : "gave up"} after ${(waitedMs / 1000).toFixed(1)} s.`;
  const silence = trial.isHealed
    ? "The silent connections have been cut."
    : `${trial.silencedConnections} connections were silenced. Use the chat: the checked handler finds out.`;
  byId("trial-report").textContent = `${silence} ${bare}`;
}

function seconds(ms) {
  const all = Math.floor((ms + elapsed()) / 1000);
  return all < 60 ? `${all} s` : `${Math.floor(all / 60)} min ${all % 60} s`;
}

function elapsed() {
  return performance.now() - shownAt;
}

function fill(list, texts) {
  const items = texts.map((text) => {
    const item = document.createElement("li");
    item.textContent = text;
    return item;
  });
  list.replaceChildren(...items);
}
