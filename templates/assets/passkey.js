// Passkeys. A form with data-passkey asks the server what is to be signed, has
// the browser's passkey sign it and goes on as any other form. Where the
// browser knows no passkeys the form stays hidden: there is another way.

import { say } from "./words.js";

export const possible = Boolean(globalThis.PublicKeyCredential?.parseRequestOptionsFromJSON);

// sign returns what the passkey answers to the challenge at path, as JSON. It
// throws an Error with a sentence for whoever sits there.
export async function sign(path, make = false) {
  const asked = await fetch(path, { method: "POST", headers: { Accept: "application/json" } });
  if (asked.redirected) {
    location.assign("/again?then=" + encodeURIComponent(location.pathname));
    return null;
  }
  const said = await asked.json();
  if (!asked.ok) throw new Error(said.problem ?? "");
  const kind = PublicKeyCredential;
  const made = make
    ? await navigator.credentials.create({ publicKey: kind.parseCreationOptionsFromJSON(said.publicKey) })
    : await navigator.credentials.get({ publicKey: kind.parseRequestOptionsFromJSON(said.publicKey) });
  return JSON.stringify(made.toJSON());
}

export const refused = say("The passkey was not used. Please try again, or take another way.");

for (const form of document.querySelectorAll("form[data-passkey]")) {
  form.hidden = !possible;
  form.addEventListener("submit", async (e) => {
    e.preventDefault();
    const problem = form.querySelector("[role=alert]");
    problem.hidden = true;
    try {
      const answer = form.querySelector("[data-answer]") ?? form.elements.answer;
      answer.value = (await sign(form.dataset.passkey, form.dataset.make !== undefined)) ?? "";
      if (answer.value) form.submit();
    } catch (failure) {
      problem.textContent = (failure.constructor === Error && failure.message) || refused;
      problem.hidden = false;
    }
  });
}
