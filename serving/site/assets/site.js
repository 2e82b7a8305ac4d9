/* What every page shares: data that arrives as a script, and the buttons that need one. */
(function () {
  "use strict";

  var root = document.body ? document.body.dataset.root || "" : "";
  var values = {};
  var waiting = {};
  var asked = {};

  /* Stores what a data script brings, and tells whoever waited for it. */
  function ontvang(name, value) {
    values[name] = value;
    var callbacks = waiting[name] || [];
    delete waiting[name];
    callbacks.forEach(function (callback) {
      callback(value);
    });
  }

  /* What was received under a name; undefined when it is not there yet. */
  function haal(name) {
    return values[name];
  }

  /* Calls back with a value, now or when it arrives. */
  function wacht(name, callback) {
    if (Object.prototype.hasOwnProperty.call(values, name)) {
      callback(values[name]);
    } else {
      (waiting[name] = waiting[name] || []).push(callback);
    }
  }

  /* Loads a script of the site once, its path seen from the root; `failed` is called when it is not there. */
  function laad(path, failed) {
    if (asked[path]) {
      if (failed) {
        asked[path].addEventListener("error", failed);
      }
      return;
    }
    var script = document.createElement("script");
    script.src = root + path;
    if (failed) {
      script.addEventListener("error", failed);
    }
    asked[path] = script;
    document.head.appendChild(script);
  }

  /* Letters without capitals or accents and digits, one space for the rest: the same rule as on the command line. */
  function vereenvoudigd(text) {
    return text
      .normalize("NFKD")
      .replace(/[\u0300-\u036f]/g, "")
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  }

  window.impactKpi = { ontvang: ontvang, haal: haal, wacht: wacht, laad: laad, vereenvoudigd: vereenvoudigd };

  /* Buttons that do nothing without a script are hidden in the page, and shown here. */
  document.querySelectorAll("[data-doe='print']").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      window.print();
    });
  });
})();
