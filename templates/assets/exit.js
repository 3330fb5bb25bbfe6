// The way out: by its button or by Shift three times, the page goes blank at
// once, the login ends on the server, and the weather takes its place in the
// history.
const form = document.querySelector(".exit");
let times = [];

function leave() {
  document.documentElement.hidden = true;
  document.title = "Weather";
  // What was typed is sent before the login ends; half a second is all it gets.
  const saving = [];
  document.dispatchEvent(new CustomEvent("leaving", { detail: saving }));
  Promise.race([Promise.all(saving), new Promise(done => setTimeout(done, 500))]).then(out);
}

function out() {
  fetch("/exit", { method: "POST", keepalive: true }).catch(() => {}).finally(() => location.replace("https://www.weather.gov/"));
  setTimeout(() => location.replace("https://www.weather.gov/"), 700);
}

form.addEventListener("submit", e => { e.preventDefault(); leave(); });
document.addEventListener("keyup", e => {
  if (e.key !== "Shift") { times = []; return; }
  times = [...times.filter(t => Date.now() - t < 2000), Date.now()];
  if (times.length >= 3) leave();
});
addEventListener("pageshow", e => { if (e.persisted) { document.documentElement.hidden = true; location.reload(); } });
