// What is typed into <form data-draft> while a request is under way outlives its answer: it is carried over into the
// fields that the answer brings, and `ctx.isBehind` says that the server does not know it yet.
const named = (root) => [...root.querySelectorAll("input:not([type=hidden]), select, textarea")].filter((f) => f.name);
// A line keeps its id wherever it moves; the number in its names is its place.
const keyOf = (field) => `${field.closest("[data-line]")?.id ?? ""} ${field.name.split(".").pop()}`;
const valueOf = (field) => (field.type === "checkbox" ? field.checked : field.value);

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => { ctx.asker = document.activeElement; });
document.addEventListener("htmx:before:request", (event) => {
  const { ctx } = event.detail;
  const form = ctx.request.method === "POST" && (ctx.sourceElement.form ?? ctx.sourceElement).closest("form[data-draft]");
  if (form) ctx.sent = { form, values: new Map(named(form).map((field) => [keyOf(field), valueOf(field)])) };
});

// A request that waited while its form was replaced (a new customer was saved) leaves from the form of now.
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const { sourceElement: old, target } = ctx;
  if (old.isConnected || !(old.form ?? old).matches("form[data-draft]")) return;
  const address = (one) => one.getAttribute("hx-post");
  const now = [...document.querySelectorAll("[hx-post]")].find((one) => address(one) === address(old));
  if (now) Object.assign(ctx, { sourceElement: now, target: document.getElementById(target.id) ?? target });
}, true);

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
  // Whoever writes in another field by now goes on there: the field that the answer would lead to gets none of it.
  const { activeElement: writing } = document;
  if (writing === ctx.asker || ![...here.values()].includes(writing)) return;
  tasks.forEach((task) => task.fragment?.querySelectorAll("[autofocus]").forEach((one) => one.removeAttribute("autofocus")));
});

// After the session was over a type-ahead would lead away to the sign-in page. It stays: the next save says how to go on.
document.addEventListener("htmx:before:response", (event) => {
  const { hx, request, sourceElement } = event.detail.ctx;
  if (hx.redirect && request.method === "GET" && sourceElement.closest("form[data-draft]")) event.preventDefault();
});
