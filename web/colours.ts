// The colours that charts and drawings share with style.css: Okabe and Ito's set, which most forms
// of colour blindness tell apart. A colour never carries a meaning alone.

export const COLOURS = {
  leader: '#0072b2',
  inSync: '#009e73',
  lagging: '#e69f00',
  lost: '#d55e00',
  observer: '#56b4e9',
  copied: '#cc79a7',
  fenced: '#7f7f7f',
  ink: '#1a1d21',
  muted: '#5b6472',
  line: '#e4e7ec',
  band: 'rgba(213, 94, 0, 0.11)',
} as const
