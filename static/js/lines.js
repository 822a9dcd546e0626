// Lines of an invoice from the keyboard. Enter goes to the line below, in the last one it adds a line;
// Alt and an arrow moves the line. Both press the buttons that are there without scripts.
let wanted = null; // where the focus belongs once the server has answered

const linesOf = (element) => element.closest("[data-lines]");
const all = (lines) => [...lines.querySelectorAll("[data-line]")];
const fieldOf = (input) => input.name.split(".").pop();

function focusField(line, field) {
  const inputs = [...(line?.querySelectorAll("input:not([type=hidden]), select, textarea") ?? [])];
  (inputs.find((input) => fieldOf(input) === field) ?? inputs[0])?.focus();
}

function enter(line, lines, field) {
  const next = all(lines)[all(lines).indexOf(line) + 1];
  if (next) return focusField(next, field);
  wanted = { at: all(lines).length };
  return lines.querySelector("[data-add-line]")?.click();
}

function move(line, lines, field, by) {
  const button = line.querySelector(`[data-move="${by < 0 ? "up" : "down"}"]`);
  if (!button || button.disabled) return;
  wanted = { at: all(lines).indexOf(line) + by, field };
  button.click();
}

document.addEventListener("keydown", (event) => {
  const line = event.target.closest?.("[data-line]");
  if (!line || event.defaultPrevented || event.isComposing) return;
  const lines = linesOf(line);
  const arrow = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  if (event.altKey && arrow) move(line, lines, fieldOf(event.target), arrow);
  else if (event.key === "Enter" && event.target.matches("input, select") && !event.ctrlKey && !event.metaKey) {
    enter(line, lines, fieldOf(event.target));
  } else return;
  event.preventDefault();
});

document.addEventListener("htmx:after:swap", () => {
  const lines = wanted && document.querySelector("[data-lines]");
  const line = lines && all(lines)[wanted.at];
  if (!line) return;
  focusField(line, wanted.field);
  wanted = null;
});
