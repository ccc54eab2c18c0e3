// The look of a lab. One rule above and below, no boxes; colours as variables, which theme.js reads for the canvases.

const LIGHT = `--ink:#1b2530;--ink2:#5a6672;--rule:#c9d0d8;--hair:#e9ecf0;--fill:#f2f4f6;--mid:#f6f5f2;
  --a:#0072b2;--b:#d55e00;--g:#b8609a;--g1:#5a2149;--g2:#96467e;--g3:#bf74a6;
  --s1:#0072b2;--s2:#009e73;--s3:#b07a00;--seq0:#f3f5f4;--seq1:#7dbba3;--seq2:#06543f;--bad:#b3261e;--good:#06765a`;
const DARK = `--ink:#e4e9ee;--ink2:#9aa6b2;--rule:#414b56;--hair:#262e36;--fill:#20272e;--mid:#252b31;
  --a:#4aa8e8;--b:#f0853f;--g:#e69cc9;--g1:#f4cfe4;--g2:#d98bbd;--g3:#a05c8a;
  --s1:#4aa8e8;--s2:#36c497;--s3:#e0b04a;--seq0:#1f262c;--seq1:#1f6650;--seq2:#63c7a4;--bad:#ff8a80;--good:#36c497`;
const SANS = `-apple-system,BlinkMacSystemFont,"Segoe UI","Helvetica Neue",Arial,sans-serif`;
const MONO = `ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace`;

const FRAME = `
.dl{${LIGHT};color-scheme:light;container-type:inline-size;box-sizing:border-box;max-width:740px;min-height:120px;margin:1.6em 0;
  padding:14px 0 10px;border:solid var(--rule);border-width:1px 0;color:var(--ink);font:14px/1.45 ${SANS};text-align:left}
.dl[data-theme=dark]{${DARK};color-scheme:dark}
.dl *{box-sizing:border-box}
.dl [hidden]{display:none!important}
.dl .dl-num{font-variant-numeric:tabular-nums}
.dl .dl-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
.dl .dl-icon{width:12px;height:12px;fill:currentColor;flex:none;display:block}
.dl p{margin:0;padding:0}
.dl :is(button,select,input,canvas,summary,pre):focus-visible{outline:2px solid var(--a);outline-offset:2px;box-shadow:none}
.dl .dl-header{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:2px 16px;align-items:start;margin:0 0 12px}
.dl .dl-title{font-size:18px;line-height:24px;font-weight:600;margin:0;padding:0;letter-spacing:-.005em;color:inherit}
.dl .dl-hint{grid-column:1/-1;color:var(--ink2)}
.dl .dl-status{display:flex;align-items:center;gap:8px;min-height:24px}
.dl .dl-badge{display:inline-flex;align-items:center;gap:6px;color:var(--ink2);font-size:12px;line-height:18px;border:1px solid var(--rule);
  border-radius:10px;padding:0 9px 0 8px;white-space:nowrap}
.dl .dl-badge::before{content:"";width:7px;height:7px;border-radius:50%;border:1.5px solid currentColor}
.dl .dl-badge[data-state=live]{color:var(--good)}.dl .dl-badge[data-state=live]::before{background:currentColor}
.dl .dl-badge:is([data-state=diverged],[data-state=failed]){color:var(--bad)}
.dl .dl-badge:is([data-state=diverged],[data-state=failed])::before{border-radius:0;transform:rotate(45deg);background:currentColor}
.dl .dl-progress{appearance:none;-webkit-appearance:none;width:72px;height:4px;border:0;border-radius:2px;background:var(--hair);overflow:hidden}
.dl .dl-progress::-webkit-progress-bar{background:var(--hair)}
.dl .dl-progress::-webkit-progress-value{background:var(--a)}
.dl .dl-progress::-moz-progress-bar{background:var(--a)}
.dl .dl-progress:indeterminate{background:linear-gradient(90deg,var(--a) 30%,var(--hair) 30%)}
.dl .dl-message{display:flex;align-items:center;gap:6px;min-height:18px;margin:2px 0 1px;font-size:12px;line-height:18px;color:var(--ink2)}
.dl .dl-message[data-kind=error]{color:var(--bad)}`;

const INPUTS = `
.dl button,.dl select,.dl input{font:inherit;color:inherit;margin:0;letter-spacing:inherit}
.dl .dl-button{display:inline-flex;align-items:center;justify-content:center;gap:7px;height:32px;min-width:32px;padding:0 8px;
  border:1px solid var(--rule);border-radius:6px;background:transparent;box-shadow:none;cursor:pointer;white-space:nowrap}
.dl .dl-button:hover{background:var(--fill)}
.dl .dl-button[aria-disabled]{opacity:.5;cursor:not-allowed}
.dl .dl-play{min-width:88px;background:var(--ink);border-color:var(--ink);color:var(--paper);font-weight:600}
.dl .dl-play:hover{background:var(--ink);opacity:.88}
.dl .dl-golive{height:24px;padding:0 10px;font-size:12px;font-weight:600}
.dl .dl-toolbar{display:flex;gap:8px;align-items:center}
.dl .dl-speed{width:62px;flex:none}
.dl .dl-seed{display:flex;align-items:baseline;gap:6px;font-size:13px}.dl .dl-seed label{color:var(--ink2);margin:0}
.dl input[type=number]{width:46px;height:24px;padding:0 2px;border:0;border-bottom:1px solid var(--rule);border-radius:0;background:transparent;
  appearance:textfield;-moz-appearance:textfield}
.dl input[type=number]::-webkit-inner-spin-button{display:none}
.dl .dl-scrubber{flex:1;min-width:60px}
.dl .dl-count{min-width:86px;text-align:right;white-space:nowrap}
.dl select{width:100%;height:24px;padding:0 2px;border:0;border-bottom:1px solid var(--rule);border-radius:0;background-color:var(--paper)}
.dl .dl-controls{display:grid;grid-template-columns:repeat(auto-fill,minmax(150px,1fr));gap:8px 20px;margin-bottom:14px}
.dl .dl-control{display:grid;grid-template-columns:minmax(0,1fr) auto;gap:1px 8px;align-items:baseline;align-content:start;font-size:13px;line-height:20px;min-width:0}
.dl .dl-control label{color:var(--ink2);margin:0;overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
.dl .dl-control:not(.dl-switch)>:is(input,select){grid-column:1/-1;height:22px}
.dl .dl-text{grid-column:1/-1}
.dl .dl-control.dl-text>input{width:100%;height:32px;padding:0 8px;border:1px solid var(--rule);border-radius:6px;background:transparent;font-size:16px}
.dl .dl-switch{grid-template-columns:auto minmax(0,1fr);gap:0 7px;align-items:center;min-height:24px}
.dl .dl-switch label{color:var(--ink);cursor:pointer;white-space:normal;line-height:17px}
.dl input[type=checkbox]{width:15px;height:15px;accent-color:var(--ink);cursor:pointer}
.dl .dl-fieldset{grid-column:1/-1;border:0;padding:0;margin:0;min-width:0;display:flex;gap:4px 16px;align-items:center;flex-wrap:wrap}
.dl .dl-fieldset legend{float:left;width:auto;padding:0;margin:0;font-size:13px;line-height:20px;color:var(--ink2)}
.dl .dl-group{display:flex;flex-wrap:wrap;gap:4px 18px;flex:1;align-items:center}
.dl .dl-group .dl-slider{width:94px}
.dl input[type=range]{appearance:none;-webkit-appearance:none;width:100%;height:20px;padding:0;border:0;background:transparent;cursor:pointer}
.dl input[type=range]::-webkit-slider-runnable-track{height:3px;border-radius:2px;background:var(--rule)}
.dl input[type=range]::-moz-range-track{height:3px;border-radius:2px;background:var(--rule)}
.dl input[type=range]::-webkit-slider-thumb{-webkit-appearance:none;width:14px;height:14px;margin-top:-5.5px;border-radius:50%;
  background:var(--ink);border:2px solid var(--paper);box-shadow:0 0 0 1px var(--ink)}
.dl input[type=range]::-moz-range-thumb{width:11px;height:11px;border-radius:50%;background:var(--ink);border:2px solid var(--paper);box-shadow:0 0 0 1px var(--ink)}
.dl .dl-fold{font-size:13px;margin:0 0 10px;background:none;border:0;padding:0}
.dl .dl-fold>summary{display:flex;align-items:center;gap:7px;list-style:none;cursor:pointer;color:var(--ink2);width:fit-content;margin-bottom:6px}
.dl .dl-fold>summary::-webkit-details-marker{display:none}
.dl .dl-fold>summary::before{content:"";border:solid transparent;border-width:4px 0 4px 7px;border-left-color:currentColor}
.dl .dl-fold[open]>summary::before{transform:rotate(90deg)}`;

const PANELS = `
.dl .dl-panels{display:grid;grid-template-columns:repeat(12,minmax(0,1fr));gap:16px 20px;margin-top:4px}
.dl .dl-panel{display:grid;grid-column:span var(--span);grid-row:span calc(2*var(--rows,1));grid-template-rows:subgrid;row-gap:0;align-content:start;
  margin:0;padding:0;min-width:0;border:0;background:none}
.dl figcaption{display:flex;align-items:baseline;justify-content:space-between;gap:2px 10px;margin:0 0 5px;padding:0;min-height:20px;
  font-size:13px;line-height:20px;text-align:left;color:var(--ink)}
.dl .dl-cap{font-weight:600;white-space:nowrap}
.dl .dl-key{display:flex;flex-wrap:wrap;gap:4px 10px;align-items:center;justify-content:flex-end;font-size:12px;color:var(--ink2)}
.dl .dl-value{white-space:nowrap}
.dl .dl-stage{position:relative;min-width:0;grid-row:2/-1}
.dl .dl-canvas{display:block;width:100%;border-radius:1px}
.dl .dl-note{position:absolute;left:26px;bottom:22px;z-index:1;display:flex;gap:5px;align-items:center;padding:1px 7px;font-size:12px;
  line-height:18px;color:var(--bad);background:var(--paper);border:1px solid currentColor;border-radius:4px}
.dl .dl-chip{display:inline-flex;align-items:baseline;gap:5px;padding:0;border:0;background:none;color:var(--ink2);font-size:12px;white-space:nowrap}
.dl button.dl-chip{cursor:pointer;padding:2px 0;margin:-2px 0}
.dl .dl-chip[aria-pressed=false]{text-decoration:line-through}
.dl .dl-chip[aria-pressed=false]::before{opacity:.3}
.dl .dl-chip::before{content:"";flex:none;align-self:center;width:8px;height:8px;border-radius:50%;background:var(--chip)}
.dl .dl-chip[data-mark=diamond]::before{border-radius:0;transform:rotate(45deg) scale(.86)}
.dl .dl-chip[data-mark=square]::before{border-radius:0}
.dl .dl-chip[data-mark=ring]::before{background:none;border:1.5px solid var(--chip)}
.dl .dl-chip[data-mark=ringdiamond]::before{border-radius:0;transform:rotate(45deg) scale(.86);background:none;border:1.5px solid var(--chip)}
.dl .dl-chip:is([data-mark=arrows],[data-mark=path],[data-mark=curves],[data-mark=contour])::before{height:2px;width:15px;border-radius:0}
.dl .dl-chip[data-dash]::before{background:repeating-linear-gradient(90deg,var(--chip) 0 4px,transparent 4px 5.5px)}
.dl .dl-chip[data-mark=field]::before{width:14px;border-radius:0;background:linear-gradient(90deg,var(--b),var(--mid),var(--a));opacity:.75}
.dl .dl-chip[data-mark=box]::before{box-sizing:border-box;width:20px;height:12px;border-radius:0;background:none;border:2px solid var(--chip)}
.dl .dl-chip[data-line=dashed]::before{border-style:dashed}.dl .dl-chip[data-line=dotted]::before{border-style:dotted}
.dl .dl-chip[data-mark=mesh]::before{border-radius:0;background:none;border:1px solid var(--chip)}
.dl .dl-tab{padding:0;min-width:24px;border:0;border-bottom:2px solid transparent;border-radius:0;background:none;color:var(--ink2);font-size:12px;line-height:18px;cursor:pointer}
.dl :is(.dl-is-editable,.dl-is-heatmap) .dl-tab{line-height:22px}
.dl .dl-tab:is([aria-pressed=true],[aria-selected=true]){color:var(--ink);border-color:var(--ink)}
.dl .dl-panel[data-axis]{grid-template-columns:82px minmax(0,1fr);grid-row:span 1;grid-template-rows:auto;column-gap:4px;margin-top:-9px}
.dl [data-axis]>figcaption{grid-area:1/1}
.dl [data-axis]>.dl-stage{grid-area:1/2}
.dl .dl-panel[data-axis]:first-child{margin-top:0}
.dl [data-axis] figcaption{align-items:flex-start;line-height:15px}
.dl [data-axis] .dl-cap{white-space:normal}
.dl [data-axis] .dl-key{display:none}
.dl dl.dl-bars{display:flex;flex-direction:column;justify-content:space-around;margin:0;gap:4px}
.dl .dl-bars dt{margin:0;font-size:13px;line-height:17px;font-weight:400;color:var(--ink2)}
.dl dl.dl-bars dd{display:flex;gap:10px;align-items:center;margin:0;font-size:13px;line-height:17px}
.dl .dl-bar{flex:1;height:6px;background:var(--hair)}
.dl .dl-bar i{display:block;height:100%;transform-origin:0 0}
.dl dl.dl-bars.dl-compact{display:grid;grid-template-columns:32px minmax(0,1fr);gap:0 6px}
.dl .dl-compact :is(dt,dd){line-height:23px}
.dl .dl-bars.dl-compact b{min-width:40px}
.dl .dl-many :is(dt,dd){font-size:12px;line-height:15px}
.dl .dl-bars dt:not(.dl-marked)>:is(.dl-icon,.dl-hidden){display:none}
.dl .dl-bars .dl-marked{display:flex;align-items:center;gap:4px;font-weight:600;color:var(--ink)}
.dl .dl-bars b{min-width:64px;font-weight:600;text-align:right}
.dl .dl-images{display:grid;align-items:start;grid-template-columns:repeat(var(--columns),minmax(0,1fr));gap:6px}
.dl .dl-image{display:block;padding:0;border:0;background:none;text-align:center}
.dl button.dl-image{cursor:pointer}
.dl .dl-pixels{display:block;width:100%;image-rendering:pixelated;outline:1px solid var(--rule)}
.dl .dl-none{visibility:hidden}
.dl .dl-on .dl-pixels{outline:2px solid var(--ink)}
.dl .dl-imagecaption{display:block;min-height:16px;font-size:11px;line-height:16px;color:var(--ink2)}
.dl .dl-tokens{display:grid;grid-template-columns:48px repeat(var(--n),minmax(0,1fr)) 48px;row-gap:2px;align-items:stretch}
.dl .dl-token{padding:3px 0;border:0;border-bottom:2px solid transparent;border-radius:0;background:none;font:15px/1.2 ${MONO};cursor:pointer}
.dl .dl-token.dl-on{border-color:var(--ink);font-weight:700}
.dl .dl-keys{display:none}
.dl .dl-tokens i{height:11px;border-right:1px solid var(--paper)}
.dl .dl-tokens i.dl-barcell{position:relative;height:34px;border-bottom:1px solid var(--hair)}
.dl .dl-barcell::after{content:"";position:absolute;inset:auto 0 var(--zero,0) 0;border-top:1px solid var(--rule)}
.dl .dl-barcell b{position:absolute;left:15%;right:15%;min-height:1px}
.dl .dl-rowname{align-self:center;font-size:11px;line-height:11px;color:var(--ink2);padding-left:3px;margin-left:-3px}
.dl .dl-rowname.dl-num{padding-left:5px;margin:0}
.dl input[type=number].dl-cellinput{position:absolute;z-index:1;padding:0;border:0;outline-offset:-2px;background:var(--paper);text-align:center;font-size:12px}
.dl .dl-is-products .dl-formula{margin-top:6px}
.dl .dl-formula{min-height:var(--lines,40px);font-size:14px;line-height:22px}.dl .dl-formula p{margin:0 0 2px;white-space:pre-wrap}
.dl .dl-formula :is(sub,sup){font-size:10px;line-height:0}
.dl ol.dl-stages{display:flex;flex-wrap:wrap;gap:2px 18px;list-style:none;margin:0;padding:0;counter-reset:stage}
.dl .dl-stages li{margin:0;padding:0;counter-increment:stage}
.dl .dl-stagename{padding:2px 0;border:0;border-bottom:2px solid transparent;border-radius:0;background:none;color:var(--ink2);font-size:13px;line-height:20px;cursor:pointer}
.dl .dl-stagename::before{content:counter(stage) " "}
.dl .dl-stagename.dl-done{color:var(--ink)}
.dl .dl-stagename[aria-current]{color:var(--ink);font-weight:600;border-color:var(--ink)}
.dl table.dl-table{display:table;width:auto;min-width:50%;margin:0;border-collapse:collapse;border:0;font-size:13px;line-height:18px}
.dl .dl-table :is(th,td){padding:3px 14px 3px 0;border:0;border-bottom:1px solid var(--hair);background:none;text-align:left;font-weight:400;color:inherit}
.dl .dl-table thead th{color:var(--ink2)}
.dl .dl-table .dl-right{text-align:right}
.dl .dl-is-table .dl-table{width:100%}
.dl .dl-is-table td{white-space:nowrap}
.dl .dl-scroll{overflow-y:auto;position:relative}
.dl .dl-scroll thead th{position:sticky;top:0;z-index:1;background:var(--paper)}
.dl .dl-rowchoice{display:block;width:100%;min-height:24px;margin:-3px 0;padding:0;border:0;background:none;text-align:left;cursor:pointer;
  overflow-wrap:anywhere}
.dl tr.dl-on :is(th,td){background:var(--fill)}.dl tr.dl-on .dl-rowchoice{font-weight:600}
.dl .dl-is-table .dl-table td.dl-effect{position:relative;padding:3px 6px 5px;white-space:nowrap;overflow-wrap:normal}
.dl .dl-effect i{position:absolute;bottom:1px;height:3px}`;

const WORDS = `
.dl .dl-doctor{height:40px;margin:14px 0 6px;font-size:13px;line-height:20px}
.dl .dl-doctor:not(.dl-running){height:auto;min-height:40px}
.dl .dl-running{overflow:hidden}
.dl ul.dl-findings{list-style:none;margin:0;padding:0}
.dl .dl-finding{display:grid;grid-template-columns:12px minmax(0,1fr);gap:8px;margin:0 0 4px;padding:0}
.dl .dl-finding .dl-icon{margin-top:4px;color:var(--ink2)}
.dl .dl-finding[data-level=bad] .dl-icon,.dl .dl-finding[data-level=bad] b{color:var(--bad)}
.dl .dl-finding[data-level=warn] .dl-icon{color:var(--s3)}
.dl .dl-finding[data-level=good]{color:var(--ink2)}.dl .dl-finding[data-level=good] .dl-icon{color:var(--good)}
.dl .dl-advice{color:var(--ink2)}
.dl .dl-twin{min-height:38px;margin:0 0 10px;font-size:13px}
.dl .dl-word{margin:0 0 12px}.dl .dl-word p{margin:0 0 4px}
.dl .dl-tools{margin:0 0 8px}
.dl .dl-toolrow{display:flex;flex-wrap:wrap;gap:8px;align-items:center}
.dl .dl-tools .dl-button{height:28px;font-size:13px;padding:0 10px}
.dl .dl-part{margin:10px 0 4px;font-size:13px;overflow-x:auto}
.dl .dl-part p{margin:0 0 6px}
.dl .dl-codebar{display:flex;align-items:center;gap:12px;margin-bottom:6px}
.dl .dl-tabs{display:flex;gap:14px;flex:1}.dl .dl-tabs .dl-tab{font-size:13px;line-height:24px}
.dl .dl-copied{font-size:12px;color:var(--ink2)}.dl .dl-link{overflow-wrap:anywhere;user-select:all}
.dl pre.dl-code{max-height:340px;margin:0;padding:10px 12px;overflow:auto;border:0;border-radius:0;background:var(--fill);color:var(--ink);
  font:12px/1.5 ${MONO};white-space:pre;tab-size:4}`;

const NARROW = `
@container (max-width:560px){
.dl .dl-panels{gap:16px 12px;grid-auto-flow:dense}
.dl .dl-panel{display:block;grid-column:1/-1;grid-row:auto}
.dl .dl-panel[data-narrow="6"]{grid-column:span 6}
.dl .dl-panel[data-axis]{margin-top:-6px}
.dl [data-axis] figcaption{margin-bottom:2px}
.dl figcaption{flex-wrap:wrap}
.dl .dl-key{justify-content:flex-start}
.dl .dl-header{grid-template-columns:minmax(0,1fr)}.dl .dl-status{grid-row:3}
.dl .dl-controls{grid-template-columns:1fr 1fr}
.dl .dl-toolbar{flex-wrap:wrap;gap:8px 6px}
.dl .dl-toolbar .dl-button{height:40px;min-width:40px}
.dl .dl-toolbar .dl-play{min-width:92px}
.dl .dl-scrubber{order:8;flex:1 0 90px}.dl .dl-count{order:9}
.dl input[type=range]{height:28px}.dl .dl-control:not(.dl-switch)>input[type=range]{height:28px}
.dl .dl-fieldset legend{float:none;flex:1 0 100%}
.dl .dl-doctor{height:80px}.dl .dl-doctor:not(.dl-running){min-height:80px}
.dl .dl-twin{min-height:76px}
.dl .dl-formula{min-height:calc(1.7*var(--lines,40px))}
.dl .dl-stagename{padding:8px 0}
.dl .dl-is-table .dl-table :is(th,td){padding-right:7px;white-space:normal;overflow-wrap:anywhere}
.dl .dl-token{font-size:13px;padding:6px 0}
.dl .dl-key:has(>.dl-keys),.dl .dl-keys{display:flex;flex-wrap:wrap}
.dl .dl-keys{gap:5px}
.dl .dl-keys .dl-tab{min-width:32px;min-height:32px;border:1px solid var(--rule);border-radius:6px;color:var(--ink);font:15px/1.2 ${MONO}}
}
@media (forced-colors:active){.dl .dl-play{border:2px solid}}
@media (prefers-reduced-motion:reduce){.dl *{transition:none!important;animation:none!important}}`;

export const STYLE = FRAME + INPUTS + PANELS + WORDS + NARROW;
