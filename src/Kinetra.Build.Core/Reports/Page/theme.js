'use strict';
// Light or dark: as the system says, until the reader decides otherwise.

const theme = (() => {
  const choices = ['auto', 'light', 'dark'];
  const root = document.documentElement;
  const button = el('button', { id: 'theme', type: 'button', onclick: () => set(choices[(choices.indexOf(root.dataset.theme || 'auto') + 1) % choices.length]) });

  function set(choice) {
    if (choice === 'auto') {
      delete root.dataset.theme;
    } else {
      root.dataset.theme = choice;
    }

    button.textContent = { auto: '◐ Auto', light: '○ Light', dark: '● Dark' }[choice];
    button.setAttribute('aria-label', `Theme: ${choice}`);
    try {
      localStorage.setItem('kinetra-report-theme', choice);
    } catch {
      // A page from a file may have no storage; the choice then holds for this visit.
    }
  }

  function load() {
    let choice = 'auto';
    try {
      choice = localStorage.getItem('kinetra-report-theme') || choice;
    } catch {
    }

    set(choices.includes(choice) ? choice : 'auto');
    document.querySelector('.title').append(button);
  }

  return { load };
})();
