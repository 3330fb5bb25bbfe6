// Passkeys. A form with data-passkey asks the server what is to be signed, has
// the browser's passkey sign it and goes on as any other form; a button with
// data-sign holds what is to be signed, one with data-ask asks for it, and both
// send the form around them. Where the browser knows no passkeys all stay hidden:
// there is another way.

import { say } from "./words.js";

export const possible = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);

// sign returns what the passkey answers to the challenge at path, as JSON. It
// throws an Error with a sentence for whoever sits there.
export async function sign(path, make = false) {
  const asked = await fetch(path, { method: "POST", headers: { Accept: "application/json" } });
  if (asked.redirected) {
    location.assign("/reauthenticate?then=" + encodeURIComponent(location.pathname));
    return null;
  }
  const said = await asked.json();
  if (!asked.ok) throw new Error(said.problem ?? "");
  return make ? create(said.publicKey) : answer(said.publicKey);
}

async function create(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return JSON.stringify((await navigator.credentials.create({ publicKey })).toJSON());
}

async function answer(options) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return JSON.stringify((await navigator.credentials.get({ publicKey })).toJSON());
}

export const refused = say("script.passkey_not_used");

// send puts into field what signed comes to, and sends form. A problem is told
// in the form.
async function send(form, field, signed) {
  const problem = form.querySelector("[role=alert]");
  problem.hidden = true;
  try {
    field.value = (await signed()) ?? "";
    if (field.value) form.submit();
  } catch (failure) {
    problem.textContent = (failure.constructor === Error && failure.message) || refused;
    problem.hidden = false;
  }
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !possible;
  form.addEventListener("submit", (e) => {
    e.preventDefault();
    const field = form.querySelector("[data-answer]") ?? form.elements.answer;
    send(form, field, () => sign(form.dataset.passkey, form.dataset.make !== undefined));
  });
}

for (const button of document.querySelectorAll("[data-sign], [data-ask]")) {
  const { form, dataset } = button;
  button.hidden = !possible;
  button.addEventListener("click", () => {
    const signed = () => (dataset.ask ? sign(dataset.ask) : answer(JSON.parse(dataset.sign).publicKey));
    if (form.reportValidity()) send(form, form.elements.passkey, signed);
  });
}
