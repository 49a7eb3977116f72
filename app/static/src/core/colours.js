/** Colours of the map, light and dark; css/tokens.css has the same for the rest of the page. */

/** Load deviation, from far too few (class −3) over in band (0) to far too many (+3). */
export const CLASS_FILLS = ['#2166ac', '#67a9cf', '#d1e5f0', '#f7f7f7', '#fee0b6', '#f1a340', '#b35806'];

/** Hatches over them, told apart from the fill on paper too. */
const CLASS_INKS = ['#0f3f73', '#1d5c9b', '#3b7fb3', null, '#b86f14', '#944700', '#5f2d02'];
const CLASS_INKS_DARK = ['#7fb8de', '#8fc1e3', '#a9d0ea', null, '#f7c583', '#f4ab55', '#ef9434'];

const UNINHABITED = '#c9ccd0';

/** Ground that changes hands, by the grid it goes to; neighbours may have one tone, so their hatches lean. */
const TONES = ['#7b3294', '#00703c', '#b3470a', '#1f5fa8', '#a8235f', '#5c6300'];
const TONES_DARK = ['#d3a6e6', '#7fd6a4', '#f5a873', '#8fc1f0', '#f09cc0', '#d3d873'];

export const PALETTES = {
  light: {
    beyond: '#ecebe7',
    land: '#f7f6f3',
    water: '#cfe2ec',
    green: '#e3ecdb',
    building: '#e2ded7',
    buildingLine: '#cbc5bb',
    street: '#ffffff',
    streetCasing: '#d8d3cb',
    railway: '#b9b4ac',
    text: '#1c2024',
    muted: '#5f6770',
    halo: 'rgba(255, 255, 255, 0.92)',
    waterText: '#3f6b82',
    greenText: '#54704a',
    gridLine: '#6b727a',
    outline: '#2f3944',
    plate: 'rgba(255, 255, 255, 0.94)',
    plateLine: 'rgba(47, 57, 68, 0.35)',
    plot: '#8b8f95',
    compound: '#7a4fa3',
    micro: '#36506b',
    accent: '#0b6e69',
    accentHalo: '#0b6e69',
    due: '#8a5300',
    severities: ['#4d6a85', '#a85a00', '#a3122e'],
    onSeverity: '#ffffff',
    sketch: '#8e2f78',
    specialOpacity: 0.22,
    inks: CLASS_INKS,
    tones: TONES,
    uninhabited: UNINHABITED,
    fillOpacity: 0.4,
    neutralOpacity: 0.3,
    hatchOpacity: 0.55,
    bandOpacity: 0.14,
  },
  dark: {
    beyond: '#15181b',
    land: '#1b1e22',
    water: '#1f3442',
    green: '#22301f',
    building: '#2c3036',
    buildingLine: '#3d434a',
    street: '#31363d',
    streetCasing: '#3a3f46',
    railway: '#4b5158',
    text: '#eceef0',
    muted: '#a4abb3',
    halo: 'rgba(22, 25, 28, 0.92)',
    waterText: '#86b3cc',
    greenText: '#93b187',
    gridLine: '#79828b',
    outline: '#a9b3bd',
    plate: 'rgba(35, 39, 44, 0.94)',
    plateLine: 'rgba(195, 204, 213, 0.4)',
    plot: '#666d75',
    compound: '#c9a3ee',
    micro: '#a9c3dc',
    accent: '#3fb8af',
    accentHalo: '#3fb8af',
    due: '#f1b35c',
    severities: ['#9db9d1', '#f1b35c', '#ff8f8f'],
    onSeverity: '#15181b',
    sketch: '#eba2dc',
    specialOpacity: 0.22,
    inks: CLASS_INKS_DARK,
    tones: TONES_DARK,
    uninhabited: '#5b6068',
    fillOpacity: 0.4,
    neutralOpacity: 0.06,
    hatchOpacity: 0.6,
    bandOpacity: 0.16,
  },
};
