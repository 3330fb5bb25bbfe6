// The outbox autosaves a form field by field. Unsaved text is kept in memory only, never in the
// browser's storage, and is resent until the server confirms that it is stored.

import { encode, partOf, room, sendAlive, sizeOf } from "./keepalive.js";
import { isLocked, lock } from "./lock.js";
import { decide, showClash } from "./versions.js";
import { say } from "./i18n.js";

const quiet = 800,
  longest = 2000;

// Saves are numbered per page, so that the server recognizes a page's own earlier saves, including
// those whose response was lost.
const page = crypto.randomUUID?.() ?? String(Math.random()).slice(2) + Date.now();
let saves = 0;
const nextKey = () => `${page}.${++saves}`;

export class Outbox {
  constructor(form) {
    this.form = form;
    this.base = form.dataset.save;
    this.line = document.querySelector("[data-saving]");
    this.entries = new Map(); // field -> {wrap, since, timer, key, running, wait, saved, clash}
    this.onSaved = () => {};
    form.addEventListener("input", (e) => this.changed(e.target));
    form.addEventListener("change", (e) =>
      this.changed(e.target, e.target.type === "radio" || e.target.type === "checkbox", true),
    );
    form.addEventListener("focusout", (e) => this.changed(e.target, true, true));
    form.addEventListener("paste", (e) => setTimeout(() => this.changed(e.target, true, true)));
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.flush(true);
    });
    addEventListener("pagehide", () => this.flush(true));
    document.addEventListener("leaving", (e) => e.detail.push(...this.last()));
    document.addEventListener("forget", () => this.forget());
    addEventListener("online", () => this.flush());
    decide(this);
  }

  // entry returns the state of the field in wrap.
  entry(wrap) {
    const name = wrap.dataset.field;
    if (!this.entries.has(name)) {
      const text = this.form.dataset.unsaved === undefined ? onlyText(wrap)?.defaultValue : undefined;
      this.entries.set(name, { wrap, wait: 0, saved: text });
    }
    return this.entries.get(name);
  }

  // changed schedules a save of an input's field, soon or immediately.
  changed(input, now = false, onlyIfDirty = false) {
    const wrap = input.closest?.("[data-field]");
    if (!wrap || !this.form.contains(wrap)) return;
    if (onlyIfDirty && !this.entries.get(wrap.dataset.field)?.dirty) return;
    const entry = this.entry(wrap);
    if (!onlyIfDirty) {
      if (!entry.dirty) entry.since = Date.now();
      entry.dirty = true;
      entry.key = nextKey();
    }
    clearTimeout(entry.timer);
    const due = now ? 0 : Math.min(quiet, Math.max(0, entry.since + longest - Date.now()));
    entry.timer = setTimeout(() => this.send(wrap.dataset.field), due);
    this.say();
  }

  // take shows what another window saved and reports whether it was new. A field with unsaved text
  // is left alone; its own save then conflicts.
  take(name, saved) {
    const wrap = this.form.querySelector(`[data-field="${CSS.escape(name)}"]`),
      entry = this.entries.get(name);
    if (!wrap || entry?.dirty || entry?.clash || Number(wrap.dataset.revision || 0) >= saved.revision) return false;
    wrap.dataset.revision = saved.revision;
    for (const i of wrap.matches("input") ? [wrap] : wrap.querySelectorAll("input:not([type=hidden]), textarea")) {
      if (i.type === "checkbox" || i.type === "radio") i.checked = saved.value.split(",").includes(i.value);
      else i.value = saved.value;
    }
    if (entry) entry.saved = saved.value;
    return true;
  }

  // values returns the name and value of each input of a field.
  values(wrap) {
    const list = [];
    const inputs = wrap.matches("input, textarea, select") ? [wrap] : wrap.querySelectorAll("input, textarea, select");
    for (const i of inputs) {
      if (!i.name || ((i.type === "checkbox" || i.type === "radio") && !i.checked)) continue;
      list.push([i.name, i.value]);
    }
    if (this.form.dataset.run === undefined && this.form.dataset.reloadAfter === undefined) return list;
    const prefix = "v." + wrap.dataset.field,
      filled = list.filter(([name, value]) => name !== prefix || value !== "");
    return filled.some(([name]) => name === prefix) ? filled : [...filled, [prefix, ""]];
  }

  // save returns the request body that saves an entry. A closing page can send only a limited
  // size: then the body holds the changed part, truncated to fit.
  save(entry, most = Infinity) {
    const about = [
      ["base", entry.wrap.dataset.revision || "0"],
      ["key", entry.key],
    ];
    const whole = encode([...this.values(entry.wrap), ...about]);
    const text = onlyText(entry.wrap);
    if (sizeOf(whole) <= most || !text || entry.saved === undefined) return { body: whole };
    const part = partOf(entry.saved, text.value, most - 500);
    const values = this.values(entry.wrap).map(([name, value]) => [name, name === text.name ? part.text : value]);
    return {
      part: true,
      body: encode([...values, ["head", part.head], ["tail", part.tail], ["missing", part.missing], ...about]),
    };
  }

  async send(name, leaving = false) {
    const entry = this.entries.get(name);
    if (!entry?.dirty) return;
    if (isLocked()) return lock().then(() => this.flush()); // a save would extend the login
    if (entry.running && !leaving) return; // its response sends what was typed since
    clearTimeout(entry.timer);
    await (entry.running = this.put(name, entry, leaving));
  }

  async put(name, entry, leaving) {
    const key = entry.key,
      text = onlyText(entry.wrap)?.value,
      { body, part } = this.save(entry, leaving ? room() : Infinity);
    entry.stop = new AbortController();
    let answer,
      data = {};
    try {
      const request = {
        method: "PUT",
        body,
        redirect: "error",
        signal: entry.stop.signal,
        headers: {
          Accept: "application/json",
          "Content-Type": "application/x-www-form-urlencoded",
          "Mend-Person": document.documentElement.dataset.me,
        },
      };
      answer = await (leaving ? sendAlive : fetch)(this.base + encodeURIComponent(name), request);
      data = await answer.json();
    } catch {
      answer = null;
    }
    entry.running = null;
    if (part && answer && entry.key === key) entry.key = nextKey(); // save the rest, too
    this.answered(name, entry, { key, text: part ? undefined : text }, answer, data);
    this.say();
  }

  answered(name, entry, sent, answer, data) {
    if (!answer || answer.status >= 500) return this.retry(name, entry);
    entry.wait = 0;
    if (answer.ok) {
      this.stored(entry, data.revision, sent.text);
      this.problem(entry.wrap, "");
      entry.wrap.querySelector(".version.live")?.remove();
      this.savedAt = data.saved_at;
      entry.failed = entry.clash = false;
      this.done(name, entry, sent.key);
      this.onSaved(name);
    } else if (answer.status === 401) {
      lock().then(() => this.flush());
    } else if (answer.status === 409) {
      entry.clash = true;
      this.done(name, entry, sent.key); // stored on the server as another version
      showClash(this, name, entry.wrap, data);
    } else if (entry.key !== sent.key) {
      this.send(name); // more was typed since
    } else {
      entry.failed = true;
      this.problem(entry.wrap, data.problem || say("script.not_saved"));
    }
  }

  // done finishes a save, or starts the next if more was typed since.
  done(name, entry, key) {
    if (entry.key === key) entry.dirty = false;
    else this.send(name);
  }

  // stored records the server's revision of a field. Responses can arrive out of order.
  stored(entry, revision, text) {
    if (revision <= Number(entry.wrap.dataset.revision || 0)) return;
    this.count(entry.wrap, revision);
    entry.wrap.dataset.revision = revision;
    entry.saved = text;
  }

  // forget discards unsaved text, because its author is no longer signed in.
  forget() {
    for (const entry of this.entries.values()) {
      clearTimeout(entry.timer);
      entry.dirty = false;
    }
    this.entries.clear();
  }

  // count updates the form's count of seen revisions after a save.
  count(wrap, revision) {
    const seen = this.form.querySelector("[data-seen]");
    if (seen) seen.value = Number(seen.value) + revision - Number(wrap.dataset.revision || 0);
  }

  retry(name, entry) {
    entry.wait = Math.min((entry.wait || 500) * 2, 15000);
    clearTimeout(entry.timer);
    entry.timer = setTimeout(() => this.send(name), entry.wait * (0.75 + Math.random() / 2));
  }

  problem(wrap, text) {
    let p = wrap.querySelector("[data-problem], .problem.live");
    if (!p && !text) return;
    if (!p) {
      p = document.createElement("p");
      p.className = "problem live";
      p.setAttribute("role", "alert");
      wrap.append(p);
    }
    p.textContent = text;
    p.hidden = !text;
  }

  // refused reports whether the server rejected a field's value.
  refused(name) {
    return Boolean(this.entries.get(name)?.failed);
  }

  dirty() {
    return [...this.entries.values()].some((e) => e.dirty);
  }

  // undecided returns the first field with two versions.
  undecided() {
    return [...this.entries.values()].find((e) => e.clash)?.wrap;
  }

  // flush sends everything unsaved and resolves when all requests have completed.
  async flush(leaving = false) {
    await Promise.all([...this.entries.keys()].map((name) => this.send(name, leaving)));
  }

  // last aborts running saves and returns everything unsaved, to be sent with the request that
  // ends the login.
  last() {
    const list = [];
    let left = room() / 2; // nesting in another form encodes it again
    for (const [name, entry] of this.entries) {
      clearTimeout(entry.timer);
      if (!entry.dirty) continue;
      entry.stop?.abort();
      const { body } = this.save(entry, left);
      left -= sizeOf(body);
      list.push(encode([["field", name]]) + "&" + body); // if nothing fits, it sends the number of missing characters
      entry.dirty = false;
    }
    return list;
  }

  // settled waits until everything is saved, and returns false after too many tries.
  async settled(tries = 40) {
    for (; tries > 0 && this.dirty(); tries--) {
      await this.flush();
      await new Promise((r) => setTimeout(r, 100));
    }
    return !this.dirty();
  }

  // say updates the status line. Screen readers announce it when something is not saved, and when
  // it is again, but not at every pause in typing.
  say() {
    if (!this.line) return;
    const entries = [...this.entries.values()];
    const late = entries.some((e) => e.dirty && e.wait),
      failed = entries.some((e) => e.failed),
      two = entries.some((e) => e.clash);
    this.line.ariaLive = late || failed || two || this.troubled ? "polite" : "off";
    this.troubled = late || failed || two;
    this.line.classList.toggle("late", this.troubled);
    this.line.textContent = failed
      ? say("script.check_marked")
      : late
        ? say("script.trying_again")
        : this.dirty()
          ? say("script.saving")
          : two
            ? say("script.choose_version")
            : this.savedAt
              ? say("script.saved") + " " + this.savedAt
              : "";
  }
}

// onlyText returns a field's text input if it is the only input.
function onlyText(wrap) {
  const inputs = wrap.matches("input, textarea")
    ? [wrap]
    : [...wrap.querySelectorAll("input, textarea, select")].filter((i) => !i.closest(".instead"));
  return inputs.length === 1 && inputs[0].matches("textarea, input:not([type=checkbox], [type=radio], [type=hidden])")
    ? inputs[0]
    : undefined;
}

// keepMost limits how many checkboxes of a group can be checked.
export function keepMost(root) {
  for (const group of root.querySelectorAll("[data-most]")) {
    const look = () => {
      const boxes = [...group.querySelectorAll("input[type=checkbox]")];
      const full = boxes.filter((b) => b.checked).length >= Number(group.dataset.most);
      for (const b of boxes) b.disabled = full && !b.checked;
    };
    group.addEventListener("change", look);
    look();
  }
}

// settleFirst saves everything before another form of the page is submitted.
export function settleFirst(outbox) {
  for (const form of document.querySelectorAll("form[data-flush]")) {
    form.addEventListener("submit", async (e) => {
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
