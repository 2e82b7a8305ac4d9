/* The list of KPIs: shows only the rows with the words that are asked for. */
(function () {
  "use strict";

  var form = document.getElementById("filter");
  var field = document.getElementById("filterveld");
  var status = document.getElementById("filterstand");
  var hint = status.textContent;

  var simple = impactKpi.zoektekst;

  var rows = Array.prototype.map.call(document.querySelectorAll("#kpis [data-filter]"), function (row) {
    return { row: row, text: simple(row.textContent) };
  });
  /* The inner groups first: an outer one is empty when all of them are. */
  var groups = Array.prototype.slice.call(document.querySelectorAll("#kpis [data-groep]")).reverse();

  function filter() {
    var words = simple(field.value).split(" ").filter(Boolean);
    var count = 0;
    rows.forEach(function (item) {
      var fits = words.every(function (word) {
        return item.text.indexOf(word) >= 0;
      });
      item.row.hidden = !fits;
      if (fits) count += 1;
    });
    groups.forEach(function (group) {
      var left = group.querySelectorAll("[data-filter]:not([hidden])").length;
      group.hidden = !left;
      if (group.tagName === "DETAILS") group.open = words.length > 0 && left > 0;
    });
    status.textContent = words.length ? count + " van " + rows.length + " KPI’s" : hint;
  }

  form.hidden = false;
  form.addEventListener("submit", function (event) {
    event.preventDefault();
  });
  field.addEventListener("input", filter);
})();
