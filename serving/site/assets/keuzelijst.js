/* A field to choose from a list by typing, with mouse, keyboard and screen reader.

   impactKpi.keuzelijst(field, list, {zoek, kies, stand})
     field  input with role combobox     list  ul with role listbox
     zoek   function (text) -> every option that fits, best first: [{naam, soort}], soort (what it is) may be left out
     kies   function (option): one was chosen
     stand  function (text, found): what fits has changed; text is "" when the field was emptied

   impactKpi.keuzelijst.MOST is how many options the list shows. */
(function () {
  "use strict";

  var MOST = 10;

  impactKpi.keuzelijst = function (field, list, use) {
    var shown = [];
    var active = -1;

    function mark(index) {
      if (list.children[active]) {
        list.children[active].setAttribute("aria-selected", "false");
      }
      active = index;
      if (active < 0) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      list.children[active].setAttribute("aria-selected", "true");
      list.children[active].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", list.children[active].id);
    }

    function open(isOpen) {
      mark(-1);
      list.hidden = !isOpen;
      field.setAttribute("aria-expanded", String(isOpen));
    }

    function line(option, index) {
      var item = document.createElement("li");
      item.id = list.id + "-" + index;
      item.setAttribute("role", "option");
      item.setAttribute("aria-selected", "false");
      item.textContent = option.naam;
      if (option.soort) {
        var kind = document.createElement("span");
        kind.className = "soort";
        kind.textContent = option.soort;
        item.append(" ", kind);
      }
      item.addEventListener("mousedown", function (event) {
        event.preventDefault();
      });
      item.addEventListener("click", function () {
        choose(option);
      });
      return item;
    }

    function show() {
      var text = field.value.trim();
      var found = text ? use.zoek(text) : [];
      shown = found.slice(0, MOST);
      list.replaceChildren.apply(list, shown.map(line));
      open(shown.length > 0);
      use.stand(text, found);
    }

    function choose(option) {
      field.value = "";
      open(false);
      use.kies(option);
    }

    function step(by) {
      if (list.hidden) {
        show();
      }
      if (shown.length) {
        mark(active < 0 ? (by > 0 ? 0 : shown.length - 1) : (active + by + shown.length) % shown.length);
      }
    }

    field.addEventListener("input", show);
    field.addEventListener("blur", function () {
      open(false);
    });
    field.addEventListener("keydown", function (event) {
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        step(event.key === "ArrowDown" ? 1 : -1);
      } else if (event.key === "Enter") {
        event.preventDefault();
        showOrChoose();
      } else if (event.key === "Escape") {
        field.value = list.hidden ? "" : field.value;
        open(false);
        use.stand("", []);
      }
    });

    function showOrChoose() {
      var index = active;
      if (list.hidden) {
        show();
      }
      if (shown.length && field.value.trim()) {
        choose(shown[Math.max(index, 0)]);
      }
    }
  };
  impactKpi.keuzelijst.MOST = MOST;
})();
