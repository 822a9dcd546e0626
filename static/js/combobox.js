// <input role="combobox" data-combobox aria-controls="list">: arrows, Enter and Escape over options that htmx fetched.
// An option is a real button or link: choosing it is clicking it. With data-combobox="first" Enter takes the first one.
const list = (input) => document.getElementById(input.getAttribute("aria-controls"));
const options = (input) => [...(list(input)?.querySelectorAll("[role=option]") ?? [])];
const active = (input) => document.getElementById(input.getAttribute("aria-activedescendant"));
const marked = new WeakMap(); // input -> what the marked option says: it stays marked when the options come anew
const closed = new WeakSet(); // inputs whose list was closed: options that come late leave it so, until more is typed

function mark(input, option) {
  options(input).forEach((other) => other.setAttribute("aria-selected", other === option ? "true" : "false"));
  marked.set(input, option?.textContent);
  if (!option) return input.removeAttribute("aria-activedescendant");
  option.id ||= `${list(input).id}-${options(input).indexOf(option)}`;
  input.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function show(input, open) {
  const shown = open && options(input).length > 0;
  input.setAttribute("aria-expanded", shown ? "true" : "false");
  if (!shown) mark(input, null);
}

function step(input, by) {
  const all = options(input);
  if (!all.length) return;
  closed.delete(input);
  show(input, true);
  const at = all.indexOf(active(input));
  mark(input, all[at < 0 && by < 0 ? all.length - 1 : (at + by + all.length) % all.length]);
}

document.addEventListener("keydown", (event) => {
  const input = event.target;
  if (!input.matches?.("[data-combobox]") || event.altKey || event.isComposing) return;
  const open = input.getAttribute("aria-expanded") === "true";
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(input, event.key === "ArrowDown" ? 1 : -1);
  else if (event.key === "Enter" && open && active(input)) active(input).click();
  else if (event.key === "Enter" && input.dataset.combobox === "first" && input.value.trim()) {
    if (open) options(input)[0].click();
  } else if (event.key === "Escape" && open) {
    closed.add(input);
    show(input, false);
  } else return;
  event.preventDefault();
});
document.addEventListener("input", (event) => closed.delete(event.target));
// The press on an option must not take the focus from the field before the click arrives.
document.addEventListener("mousedown", (event) => event.target.closest("[role=option]") && event.preventDefault());
document.addEventListener("focusout", (event) => {
  if (event.target.matches?.("[data-combobox]")) show(event.target, false);
});
// The options came. Only those: other parts of the page change while a list that was closed should stay closed.
document.addEventListener("htmx:after:swap", (event) => {
  const input = document.activeElement;
  if (input?.matches("[data-combobox]") && !closed.has(input) && event.detail.ctx?.target === list(input)) {
    show(input, true);
    mark(input, options(input).find((option) => option.textContent === marked.get(input)));
  }
});
