// The outbox saves a form field by field while somebody types. What is not yet
// saved is held in memory alone, never in the browser's storage, and is tried
// again until the server says that it is durable.

import { lock } from "./lock.js";
import { say } from "./words.js";

const quiet = 800, longest = 2000;

export class Outbox {
  constructor(form) {
    this.form = form;
    this.base = form.dataset.save;
    this.line = document.querySelector("[data-saving]");
    this.entries = new Map(); // field -> {wrap, since, timer, key, body, running, wait}
    this.onSaved = () => {};
    form.addEventListener("input", e => this.changed(e.target));
    form.addEventListener("change", e => this.changed(e.target, e.target.type === "radio" || e.target.type === "checkbox"));
    form.addEventListener("focusout", e => this.changed(e.target, true, true));
    document.addEventListener("visibilitychange", () => { if (document.hidden) this.flush(true); });
    addEventListener("pagehide", () => this.flush(true));
    document.addEventListener("leaving", e => e.detail.push(this.drain()));
    document.addEventListener("forget", () => this.forget());
    addEventListener("online", () => this.flush());
  }

  // changed notes that the field of an input is to be saved: soon, or at once.
  changed(input, now = false, onlyIfDirty = false) {
    const wrap = input.closest?.("[data-field]");
    if (!wrap || !this.form.contains(wrap)) return;
    let entry = this.entries.get(wrap.dataset.field);
    if (onlyIfDirty && !entry?.dirty) return;
    if (!entry) this.entries.set(wrap.dataset.field, entry = { wrap, wait: 0 });
    if (!onlyIfDirty) {
      if (!entry.dirty) entry.since = Date.now();
      entry.dirty = true;
      entry.key = crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
    }
    clearTimeout(entry.timer);
    const due = now ? 0 : Math.min(quiet, Math.max(0, entry.since + longest - Date.now()));
    entry.timer = setTimeout(() => this.send(wrap.dataset.field), due);
    this.say();
  }

  // take shows what another window saved, and tells whether it was new. Where
  // something is being written it waits for the save, which then clashes.
  take(name, saved) {
    const wrap = this.form.querySelector(`[data-field="${CSS.escape(name)}"]`);
    if (!wrap || this.entries.get(name)?.dirty || Number(wrap.dataset.revision || 0) >= saved.revision) return false;
    wrap.dataset.revision = saved.revision;
    for (const i of wrap.matches("input") ? [wrap] : wrap.querySelectorAll("input:not([type=hidden]), textarea")) {
      if (i.type === "checkbox" || i.type === "radio") i.checked = saved.value.split(",").includes(i.value);
      else i.value = saved.value;
    }
    return true;
  }

  body(wrap, entry) {
    const body = new URLSearchParams();
    const inputs = wrap.matches("input, textarea, select") ? [wrap] : wrap.querySelectorAll("input, textarea, select");
    for (const i of inputs) {
      if (!i.name || (i.type === "checkbox" || i.type === "radio") && !i.checked) continue;
      body.append(i.name, i.value);
    }
    const prefix = "v." + wrap.dataset.field;
    if (this.form.dataset.run !== undefined || this.form.dataset.reloadAfter !== undefined) {
      const values = body.getAll(prefix).filter(v => v !== "");
      body.delete(prefix);
      for (const v of values.length ? values : [""]) body.append(prefix, v);
    }
    body.set("base", wrap.dataset.revision || "0");
    body.set("key", entry.key);
    return body;
  }

  async send(name, leaving = false) {
    const entry = this.entries.get(name);
    if (!entry?.dirty || entry.clash) return;
    if (entry.running && !leaving) { entry.again = true; return; }
    clearTimeout(entry.timer);
    await (entry.running = this.put(name, entry, leaving));
  }

  async put(name, entry, leaving) {
    const key = entry.key;
    let answer, data = {};
    try {
      answer = await fetch(this.base + encodeURIComponent(name), {
        method: "PUT", body: this.body(entry.wrap, entry), keepalive: leaving,
        headers: { Accept: "application/json", "Mend-Person": document.documentElement.dataset.me }, redirect: "error",
      });
      data = await answer.json();
    } catch { answer = null; }
    entry.running = null;
    this.answered(name, entry, key, answer, data);
    this.say();
  }

  answered(name, entry, key, answer, data) {
    if (!answer || answer.status >= 500) return this.retry(name, entry);
    entry.wait = 0;
    if (answer.ok) {
      this.count(entry.wrap, data.revision);
      entry.wrap.dataset.revision = data.revision;
      this.problem(entry.wrap, "");
      this.last = data.saved_at;
      if (entry.key === key) { entry.dirty = false; entry.failed = false; } else this.send(name);
      this.onSaved(name);
    } else if (answer.status === 401) {
      lock().then(() => this.flush());
    } else if (answer.status === 409) {
      this.clash(name, entry, data);
    } else {
      entry.failed = true;
      this.problem(entry.wrap, data.problem || say("This could not be saved."));
    }
  }

  // forget drops what is not saved: the person it belongs to is gone.
  forget() {
    for (const entry of this.entries.values()) { clearTimeout(entry.timer); entry.dirty = false; }
    this.entries.clear();
  }

  // count keeps the form's own idea of what it has seen in step with its saves.
  count(wrap, revision) {
    const seen = this.form.querySelector("[data-seen]");
    if (seen) seen.value = Number(seen.value) + revision - Number(wrap.dataset.revision || 0);
  }

  retry(name, entry) {
    entry.wait = Math.min((entry.wait || 500) * 2, 15000);
    entry.timer = setTimeout(() => this.send(name), entry.wait * (0.75 + Math.random() / 2));
  }

  // clash shows the other text beside one's own; nothing is overwritten until
  // the person chooses.
  clash(name, entry, data) {
    entry.clash = true;
    const box = document.createElement("div");
    box.className = "clash";
    box.setAttribute("role", "alert");
    const p = document.createElement("p");
    p.textContent = say("This was changed in another window. It says there:");
    const theirs = document.createElement("pre");
    theirs.textContent = data.theirs || say("(nothing)");
    const mine = button(say("Keep what is here")), take = button(say("Take the other"));
    const settle = () => {
      this.count(entry.wrap, data.revision);
      entry.wrap.dataset.revision = data.revision;
      entry.clash = false;
      box.remove();
    };
    mine.onclick = () => { settle(); entry.key = crypto.randomUUID?.() ?? String(Date.now()); this.send(name); };
    take.onclick = async () => {
      settle(); entry.dirty = false;
      const text = entry.wrap.querySelector("textarea, input:not([type=checkbox], [type=radio], [type=hidden])");
      if (text && entry.wrap.querySelectorAll("textarea, input, select").length === 1) { text.value = data.theirs; this.say(); return; }
      await this.flush(); location.reload();
    };
    box.append(p, theirs, mine, " ", take);
    entry.wrap.append(box);
    mine.focus();
  }

  problem(wrap, text) {
    let p = wrap.querySelector("[data-problem], .problem.live");
    if (!p && !text) return;
    if (!p) { p = document.createElement("p"); p.className = "problem live"; p.setAttribute("role", "alert"); wrap.append(p); }
    p.textContent = text;
    p.hidden = !text;
  }

  // refused tells whether the server would not take a field's value.
  refused(name) { return Boolean(this.entries.get(name)?.failed); }

  dirty() { return [...this.entries.values()].some(e => e.dirty); }

  // flush sends what waits and resolves when all of it is answered.
  async flush(leaving = false) {
    await Promise.all([...this.entries.keys()].map(name => this.send(name, leaving)));
  }

  // drain sends what waits behind what is on its way, and fails if any of it is
  // not saved then.
  async drain() {
    for (const entry of this.entries.values()) while (entry.running) await entry.running;
    await this.flush(true);
    if (this.dirty()) throw new Error("not saved");
  }

  // settled resolves once everything is saved.
  async settled(tries = 40) {
    for (; tries > 0 && this.dirty(); tries--) { await this.flush(); await new Promise(r => setTimeout(r, 100)); }
    return !this.dirty();
  }

  // say is the line beside the form: it says what is true. It is read aloud when
  // something is not saved, and when it is again; not at every pause in typing.
  say() {
    if (!this.line) return;
    const entries = [...this.entries.values()];
    const late = entries.some(e => e.dirty && e.wait), failed = entries.some(e => e.failed || e.clash);
    this.line.ariaLive = late || failed || this.troubled ? "polite" : "off";
    this.troubled = late || failed;
    this.line.classList.toggle("late", this.troubled);
    this.line.textContent = failed ? say("Not saved yet: please look at what is marked") : late ? say("Not saved yet, trying again")
      : this.dirty() ? say("Saving") : this.last ? say("Saved") + " " + this.last : "";
  }
}

function button(text) {
  const b = document.createElement("button");
  b.type = "button";
  b.textContent = text;
  return b;
}

// keepMost lets only so many boxes of a group be ticked.
export function keepMost(root) {
  for (const group of root.querySelectorAll("[data-most]")) {
    const look = () => {
      const boxes = [...group.querySelectorAll("input[type=checkbox]")];
      const full = boxes.filter(b => b.checked).length >= Number(group.dataset.most);
      for (const b of boxes) b.disabled = full && !b.checked;
    };
    group.addEventListener("change", look);
    look();
  }
}

// settleFirst saves everything before a form of the page is sent.
export function settleFirst(outbox) {
  for (const form of document.querySelectorAll("form[data-flush]")) {
    form.addEventListener("submit", async e => {
      if (!outbox.dirty()) return;
      e.preventDefault();
      if (await outbox.settled()) form.requestSubmit(e.submitter);
    });
  }
}

export function problemsFirst() {
  document.documentElement.classList.add("scripted");
  document.querySelector("[data-problems]")?.focus();
}
