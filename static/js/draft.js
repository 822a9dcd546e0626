// <form data-draft> saves itself while somebody writes. Requests wait for one another, and each takes the values of the
// moment it leaves. `data-halted` inside the form (two windows wrote) stops it until somebody has chosen.
const RETRY = 5000;
const STATE = ["_csrf_token", "version", "editor", "checked", "customer"];
const kept = new WeakMap(); // form -> what is in it, as the server last confirmed it
let leaving = false;

const current = () => document.querySelector("form[data-draft]");
const values = (form) => new URLSearchParams(new FormData(form));
const save = (form) => form?.dispatchEvent(new Event("change", { bubbles: true }));

function content(form) {
  const all = values(form);
  STATE.forEach((name) => all.delete(name));
  return all.toString();
}

document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.draftForm; // see carry.js
  if (!form) return;
  const isSave = ctx.sourceElement === form;
  if (isSave && (form.querySelector("[data-halted]") || kept.get(form) === content(form))) return event.preventDefault();
  ctx.request.body = values(form);
  if (!isSave && ctx.sourceElement.name) ctx.request.body.append(ctx.sourceElement.name, ctx.sourceElement.value);
  ctx.draft = { form, isSave, content: content(form) };
});

document.addEventListener("htmx:after:swap", (event) => {
  const { draft, response } = event.detail.ctx;
  const form = draft && current();
  if (!form) return;
  if (response.status < 300) kept.set(form, draft.isSave ? draft.content : content(form));
  else kept.delete(form);
  form.querySelector("[data-halted]")?.focus();
  if (event.detail.ctx.isBehind) {
    kept.delete(form);
    save(form);
  }
});

// No answer, or one that does not tell of faults: the mark goes; without an answer, or a good one, it is tried again.
function missed(event) {
  const { draft, response } = event.detail.ctx ?? {};
  if (!draft || [409, 422].includes(response?.status)) return;
  document.getElementById("saved")?.replaceChildren();
  if (!(response?.status < 500)) setTimeout(() => draft.form.isConnected && save(draft.form), RETRY);
}
document.addEventListener("htmx:error", missed);
document.addEventListener("htmx:response:error", missed);
window.addEventListener("online", () => save(current()));

// Going away within the moment that saving waits for: what is typed is sent after all.
document.addEventListener("submit", (event) => { leaving = event.target.matches("[data-draft]") && !event.defaultPrevented; });
window.addEventListener("pageshow", () => { leaving = false; });
window.addEventListener("pagehide", () => {
  const form = current();
  if (form && !leaving && kept.get(form) !== content(form)) navigator.sendBeacon(form.action, values(form));
});
if (current()) kept.set(current(), content(current())); // what came with the page is the server's own
