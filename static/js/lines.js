// Lines of an invoice from the keyboard. Enter goes to the line below, in the last one it adds a line; Alt and an arrow
// moves the line. Both press the buttons that are there without scripts, and the focus follows when the lines come back.
let wanted = null; // where the focus belongs then: a line by id or place, and a field
let again = null; // a move asked for meanwhile: the buttons on the screen are about to be replaced
const all = (element) => [...element.closest("[data-lines]").querySelectorAll("[data-line]")];
const fieldOf = (input) => input.name?.split(".").pop() || "menu";

function focusField(line, field) {
  const inputs = [...(line?.querySelectorAll("input:not([type=hidden]), select, textarea") ?? [])];
  const found = field === "menu" ? line?.querySelector("summary") : inputs.find((input) => fieldOf(input) === field);
  const target = found ?? inputs[0];
  target?.focus();
  target?.select?.(); // as Tab does: typing replaces what is there
}

function enter(line, field) {
  const next = all(line)[all(line).indexOf(line) + 1];
  return next ? focusField(next, field) : line.closest("[data-lines]").querySelector("[data-add-line]")?.click();
}

function move(line, field, by) {
  const button = line.querySelector(`[data-move="${by < 0 ? "up" : "down"}"]`);
  if (wanted) again = { id: line.id, field, by };
  else if (button && !button.disabled) {
    button.click();
    wanted = { id: line.id, at: all(line).indexOf(line) + by, field };
  }
}

document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.("[data-line]");
  if (!line || event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey) return;
  const arrow = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.altKey && arrow) move(line, fieldOf(event.target), arrow);
  else if (event.key === "Enter" && event.target.matches("input, select")) enter(line, fieldOf(event.target));
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-add-line], [data-move], [data-remove], [data-fill]");
  if (!button?.closest("[data-lines]")) return;
  if (wanted) return event.stopImmediatePropagation() ?? event.preventDefault();
  const line = button.closest("[data-line]");
  const at = line ? all(line).indexOf(line) : all(button).length;
  const field = button.matches("[data-fill]") ? "quantity" : "menu";
  wanted = button.matches("[data-move], [data-fill]") ? { id: line.id, at, field } : { at };
}, true);

document.addEventListener("htmx:after:swap", (event) => {
  if (!wanted || event.detail.ctx?.target?.id !== "lines") return;
  const rows = [...document.querySelectorAll("[data-lines] [data-line]")];
  const byId = (id) => rows.find((row) => row.id && row.id === id);
  focusField(byId(wanted.id) ?? rows[wanted.at] ?? rows.at(-1), wanted.field);
  const next = again;
  wanted = again = null;
  if (next && byId(next.id)) move(byId(next.id), next.field, next.by);
});
document.addEventListener("htmx:error", () => { wanted = again = null; });
document.addEventListener("pointerdown", ({ target }) => { if (target.matches("input, select, textarea")) wanted = again = null; });
