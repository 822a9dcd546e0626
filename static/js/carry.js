// What is typed into <form data-draft> while a request is under way outlives its answer: it is carried over into the
// fields that the answer brings, and `ctx.isBehind` says that the server does not know it yet.
const named = (root) => [...root.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((f) => f.name);
// A line keeps its id wherever it moves; the number in its names is its place.
const keyOf = (field) => `${field.closest("[data-line]")?.id ?? ""} ${field.name.split(".").pop()}`;
const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { sourceElement: one } = ctx;
  ctx.asker = document.activeElement;
  ctx.isOfDraft = ctx.request.method === "POST" && Boolean((one.form ?? one).closest("form[data-draft]"));
});
// One that waited while its form or its button was replaced (a save, a new customer) leaves from the form of now.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  if (!ctx.isOfDraft) return;
  const { sourceElement: old, target } = ctx;
  const address = (one) => [one.getAttribute("hx-post"), one.name, one.value].join();
  const now = !old.isConnected && [...document.querySelectorAll("[hx-post]")].find((one) => address(one) === address(old));
  if (now) Object.assign(ctx, { sourceElement: now, target: document.getElementById(target.id) ?? target });
  const form = ctx.draftForm = document.querySelector("form[data-draft]");
  if (form) ctx.sent = { form, values: new Map(named(form).map((field) => [keyOf(field), valueOf(field)])) };
}, true);

// Where somebody writes: a field is found again by its line, for the one at its old place may be another's.
let place = null;
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx, tasks } = event.detail;
  if (!ctx.sent?.form.isConnected) return;
  const here = new Map(named(ctx.sent.form).map((field) => [keyOf(field), field]));
  for (const field of tasks.flatMap((task) => (task.fragment ? named(task.fragment) : []))) {
    const typed = here.get(keyOf(field));
    if (!typed || valueOf(typed) === ctx.sent.values.get(keyOf(field))) continue;
    field[field.type === "checkbox" ? "checked" : "value"] = valueOf(typed);
    ctx.isBehind = true;
  }
  // The answer to anything but a save does not mean that what was typed since it left, in whatever field, is saved.
  const isSave = ctx.sourceElement === ctx.sent.form;
  if (!isSave && [...here].some(([key, field]) => valueOf(field) !== ctx.sent.values.get(key))) ctx.isBehind = true;
  const { activeElement: writing } = document;
  if (![...here.values()].includes(writing)) return;
  place = [keyOf(writing), writing.selectionStart, writing.selectionEnd];
  if (writing === ctx.asker) return;
  // They went on to another field meanwhile and stay there: the one that the answer would lead to gets none of it.
  tasks.forEach((task) => task.fragment?.querySelectorAll("[autofocus]").forEach((one) => one.removeAttribute("autofocus")));
});
document.addEventListener("htmx:before:settle", () => {
  const form = place && document.querySelector("form[data-draft]");
  const field = form && named(form).find((one) => keyOf(one) === place[0]);
  if (!field || field === document.activeElement) return;
  field.focus({ preventScroll: true });
  if (place[1] != null) field.setSelectionRange(place[1], place[2]);
});
document.addEventListener("htmx:after:swap", () => { place = null; });

// After the session was over a type-ahead would lead away to the sign-in page. It stays: the next save says how to go on.
document.addEventListener("htmx:before:response", (event) => {
  const { hx, request, sourceElement } = event.detail.ctx;
  if (hx.redirect && request.method === "GET" && sourceElement.closest("form[data-draft]")) event.preventDefault();
});
