// Translates the sentences in scripts. Scripts contain English; a page in another language embeds
// its translations.
const said = JSON.parse(document.querySelector("[data-translations]")?.content.textContent || "{}");

export const say = (sentence) => said[sentence] ?? sentence;
