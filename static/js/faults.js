// A list of faults (#faults) that came anew: each sentence also stands beside the field that it leads to. While somebody
// is still writing (data-beside), only the sentences without a field of their own are left in the list. Fields that are
// no part of the draft (data-apart) keep the sentences that came with them.
const told = new WeakSet();

function describe(field, isFaulty) {
  const id = `${field.id}-error`;
  const others = (field.getAttribute("aria-describedby") ?? "").split(" ").filter((one) => one && one !== id);
  const all = isFaulty ? [...others, id] : others;
  field.toggleAttribute("aria-invalid", isFaulty);
  if (isFaulty) field.setAttribute("aria-invalid", "true");
  field.toggleAttribute("aria-describedby", all.length > 0);
  if (all.length) field.setAttribute("aria-describedby", all.join(" "));
}

function say(field, text) {
  const sentence = document.getElementById(`${field.id}-error`) ?? document.createElement("p");
  sentence.id = `${field.id}-error`;
  sentence.className = "error";
  sentence.append(sentence.textContent ? ` ${text}` : text);
  (field.closest(".field") ?? field.parentElement).append(sentence);
  field.closest("details")?.setAttribute("open", "");
  describe(field, true);
}

function fieldOf(link, form) {
  const isHere = link.hash && link.pathname === location.pathname;
  const field = isHere && document.getElementById(link.hash.slice(1));
  return field && form.contains(field) && field.matches("input, select, textarea") ? field : null;
}

document.addEventListener("htmx:after:swap", () => {
  const list = document.getElementById("faults");
  const form = list?.closest("form");
  if (!form || told.has(list)) return;
  told.add(list);
  const drafts = (selector) => [...form.querySelectorAll(selector)].filter((one) => !one.closest("[data-apart]"));
  drafts(".error[id$='-error']").forEach((sentence) => sentence.remove());
  drafts("[aria-invalid]").forEach((field) => describe(field, false));
  for (const item of list.querySelectorAll("li")) {
    const link = item.querySelector("a");
    const field = fieldOf(link, form);
    if (field) say(field, link.textContent);
    item.hidden = Boolean(field) && list.hasAttribute("data-beside");
  }
});
