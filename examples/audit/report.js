"use strict";
// Sorting and filtering. Without it the page still shows everything.
const body = document.querySelector("tbody");
if (body) {
  const rows = [...body.rows];
  const heads = [...document.querySelectorAll("th")];
  const search = document.querySelector("input");
  const sorter = document.querySelector("select");
  const filters = [...document.querySelectorAll("[aria-pressed]")];
  const order = new Intl.Collator(undefined, { numeric: true }).compare;

  const sort = (column, direction) => {
    const value = (row) => row.cells[column].dataset.value;
    // What has no value is last in either direction.
    rows.sort((a, b) => (value(a) === "") - (value(b) === "") ||
      direction * (Number(value(a)) - Number(value(b)) || order(value(a), value(b))));
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", direction === 1 ? "ascending" : "descending");
    sorter.value = column;
    body.append(...rows);
  };

  const show = () => {
    const words = search.value.toLowerCase();
    const on = filters.filter((button) => button.ariaPressed === "true");
    const fits = (row) => on.every(({ dataset }) => dataset.kind ?
      row.dataset.findings.split(" ").includes(dataset.kind) : row.dataset.status === dataset.status);
    rows.forEach((row) => { row.hidden = !fits(row) || !row.textContent.toLowerCase().includes(words); });
    const left = rows.filter((row) => !row.hidden).length;
    document.querySelector("output").textContent = left === rows.length ? "" : `${left} of ${rows.length} jobs`;
  };

  heads.forEach((head, column) => head.firstChild.addEventListener("click", () =>
    sort(column, head.ariaSort === "ascending" ? -1 : 1)));
  // A long delay matters more than a short one.
  sorter.addEventListener("change", () => sort(Number(sorter.value), sorter.value === "3" ? -1 : 1));
  search.addEventListener("input", show);
  search.form.addEventListener("submit", (event) => event.preventDefault());
  // One finding and one status at a time.
  filters.forEach((button) => button.addEventListener("click", () => {
    const pressed = button.ariaPressed !== "true";
    filters.filter((other) => Boolean(other.dataset.kind) === Boolean(button.dataset.kind))
      .forEach((other) => { other.ariaPressed = "false"; });
    button.ariaPressed = String(pressed);
    show();
  }));
}
