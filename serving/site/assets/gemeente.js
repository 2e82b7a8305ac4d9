/* Filters a profile: every row of which name, definition or explanation holds all the words. */
(function () {
  "use strict";

  var box = document.getElementById("zoek");
  var field = document.getElementById("zoekveld");
  var outcome = document.getElementById("zoekuitkomst");
  if (!box || !field || !outcome) {
    return;
  }
  var idle = outcome.textContent;
  var simple = impactKpi.zoektekst;
  /* What is not about one KPI: out of the way while searching. */
  var around = document.querySelectorAll("#punten, .overzicht, .keten, .binnen");
  var sections = Array.prototype.map.call(document.querySelectorAll(".gebied"), function (section) {
    var head = section.querySelector("h2, h3");
    return { element: section, rows: rowsOf(section, simple(head.textContent)) };
  });
  var folded = document.querySelectorAll(".niet-gekozen, details.gebied");
  var wasOpen = null;
  var FEW = 3;

  function rowsOf(section, head) {
    return Array.prototype.map.call(section.querySelectorAll(".rij"), function (row) {
      var texts = Array.prototype.map.call(row.querySelectorAll("th a, th .stil, details > span, .uitleg span"), function (part) {
        return part.textContent;
      });
      return { element: row, text: simple(texts.join(" ")) + " " + head };
    });
  }

  function apply() {
    var words = simple(field.value).split(" ").filter(Boolean);
    var searching = words.length > 0;
    var found = 0;
    sections.forEach(function (section) {
      var shown = 0;
      section.rows.forEach(function (row) {
        var fits = words.every(function (word) {
          return row.text.indexOf(word) >= 0;
        });
        row.element.hidden = !fits;
        shown += fits ? 1 : 0;
      });
      section.element.hidden = searching && shown === 0;
      found += shown;
    });
    var own = document.getElementById("eigen");
    if (own) {
      own.hidden = searching && !own.querySelector(".gebied:not([hidden])");
    }
    around.forEach(function (part) {
      part.hidden = searching;
    });
    unfold(searching);
    explain(searching && found <= FEW);
    outcome.textContent = searching ? said(found, field.value.trim()) : idle;
  }

  /* Opens what holds a hit while searching, and puts everything back as it was afterwards. */
  function unfold(searching) {
    if (searching && !wasOpen) {
      wasOpen = Array.prototype.map.call(folded, function (part) {
        return part.open;
      });
    }
    folded.forEach(function (part, number) {
      var hit = Boolean(part.querySelector(".rij:not([hidden])"));
      part.hidden = searching && !hit;
      part.open = searching ? hit : wasOpen ? wasOpen[number] : part.open;
    });
    if (!searching) {
      wasOpen = null;
    }
  }

  /* With few hits their explanation is open: it says why they were found, and how sure the figure is. */
  function explain(few) {
    document.querySelectorAll(".uitleg").forEach(function (part) {
      part.open = few && !part.closest(".rij").hidden;
    });
  }

  function said(found, text) {
    if (found === 0) {
      return "Geen KPI gevonden met \u201c" + text + "\u201d.";
    }
    return found + (found === 1 ? " KPI" : " KPI\u2019s") + " gevonden met \u201c" + text + "\u201d.";
  }

  box.hidden = false;
  field.addEventListener("input", apply);
  field.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      field.value = "";
      apply();
    }
  });
  var asked = new URLSearchParams(window.location.search).get("zoek");
  if (asked) {
    field.value = asked;
    apply();
  }
})();
