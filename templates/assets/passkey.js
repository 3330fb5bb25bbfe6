// Passkeys. A form with data-passkey fetches a challenge, has a passkey sign it, and submits the
// result. A button with data-sign holds a challenge, one with data-ask fetches it; both submit
// their form. All stay hidden if the browser does not support passkeys, because there is always
// another way.

import { say } from "./i18n.js";

export const possible = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);

// sign returns the passkey's response to the challenge at path, as JSON. It throws an Error with a
// message for the user.
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

// send puts the result of signed into field and submits form. It shows a failure in the form.
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
