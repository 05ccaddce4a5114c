const CORES: readonly string[] = [
  '<script>RUN</script>',
  '<img src=x onerror=RUN>',
  '<svg onload=RUN>',
  '<svg><script>RUN</script></svg>',
  '<iframe srcdoc="<script>RUN</script>">',
  '<iframe src="javascript:RUN">',
  '<a href="javascript:RUN" autofocus onfocus=RUN>click</a>',
  '<body onload=RUN>',
  '<details open ontoggle=RUN>',
  '<video><source onerror=RUN></video>',
  '<input autofocus onfocus=RUN>',
  '<marquee onstart=RUN>',
  '<math><mtext></form><form><mglyph><style></math><img src onerror=RUN>',
  '<style>@import "javascript:RUN"</style>',
  '<link rel=stylesheet href="javascript:RUN">',
  '<meta http-equiv=refresh content="0;url=javascript:RUN">',
  '<object data="javascript:RUN">',
  '<embed src="javascript:RUN">',
  '<template><script>RUN</script></template>',
  '[link](javascript:RUN)',
  '[link](data:text/html,<script>RUN</script>)',
  '![image](x" onerror="RUN)',
  '{{constructor.constructor("RUN")()}}',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: that is the attack
  '${RUN}',
  '<%= RUN %>',
];

const WRAPS: readonly ((core: string) => string)[] = [
  (core) => core,
  (core) => `">'>${core}`,
  (core) => `</textarea></title></script>${core}`,
  (core) => `\u202e\u0085${core.replaceAll('<', '<\u200b')}${core}`,
];

/** 100 strings, each of which says its number in `window.__ran` should it ever run. */
export const hostileStrings: readonly string[] = CORES.flatMap((core, index) =>
  WRAPS.map((wrap, turn) => wrap(core.replaceAll('RUN', `(window.__ran=window.__ran||[]).push('${index}.${turn}')`))),
);
