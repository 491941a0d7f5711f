/// The style of certificate pages in HTML: made for A4 paper, and readable on a screen. It names only fonts that are where the
/// page is read.
enum CertificateStyle {
  static let sheet = """
    @page { size: A4; margin: 16mm 17mm 18mm; @bottom-right { content: counter(page) " / " counter(pages); \
    font: 8pt sans-serif; color: #5b6472; } }
    :root { --ink: #16202e; --soft: #5b6472; --line: #c9ced6; --deep: #17365d; --gold: #a5854a; --good: #1d6b43; \
    --bad: #a02323; }
    * { box-sizing: border-box; }
    html { background: #eceef1; }
    body { margin: 0; color: var(--ink); font: 10.5pt/1.5 "Source Serif 4", Georgia, Cambria, "Times New Roman", \
    "Noto Serif CJK SC", "Songti SC", SimSun, serif; }
    :lang(zh) body, body:lang(zh) { line-height: 1.65; }
    main { max-width: 210mm; margin: 8mm auto; padding: 16mm 17mm; overflow-x: auto; background: #fff; \
    box-shadow: 0 1px 8px rgb(0 0 0 / .15); }
    header { position: relative; padding: 7mm 9mm 6mm; border: 2.2pt double var(--deep); \
    outline: .6pt solid var(--gold); outline-offset: 3pt; margin: 4pt; text-align: center; }
    h1 { margin: 0; color: var(--deep); font-size: 21pt; font-weight: 600; line-height: 1.25; letter-spacing: .01em; }
    h1:lang(zh) { letter-spacing: .12em; }
    .subject { margin: 0 0 1.5mm; color: var(--soft); letter-spacing: .08em; }
    .subject b { color: var(--gold); font-size: 12pt; }
    .status { display: inline-block; margin: 4mm 0 0; padding: 1mm 6mm; border: 1.2pt solid; font-weight: 700; \
    font-size: 12pt; letter-spacing: .06em; }
    .applied { color: var(--good); } .refused { color: var(--bad); }
    .summary { margin-top: 6mm; } .summary > p:first-child { font-size: 12pt; }
    section { margin-top: 7mm; }
    h2 { margin: 0 0 2.5mm; padding-bottom: 1mm; border-bottom: .8pt solid var(--deep); color: var(--deep); \
    font-size: 13.5pt; font-weight: 600; }
    h2 .number { display: inline-block; min-width: 6mm; color: var(--gold); }
    h3 { margin: 4mm 0 1mm; color: var(--deep); font-size: 11pt; font-weight: 600; }
    h2, h3 { break-after: avoid; } p { margin: 1.5mm 0; orphans: 2; widows: 2; }
    b { font-weight: 600; } p b, li b { white-space: nowrap; }
    code, pre { font-family: ui-monospace, "SF Mono", Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace; }
    code { font-size: .82em; overflow-wrap: anywhere; }
    pre { margin: 1mm 0 2mm; padding: 2mm 3mm; border-left: 2pt solid var(--gold); background: #f5f6f8; font-size: 8.2pt; \
    white-space: pre-wrap; overflow-wrap: anywhere; }
    .remark { color: var(--soft); font-size: 9.3pt; line-height: 1.45; }
    dl { margin: 2mm 0; } dl > div { display: grid; grid-template-columns: 38mm 1fr; column-gap: 4mm; align-items: baseline; padding: .9mm 0; \
    border-bottom: .4pt solid var(--line); break-inside: avoid; }
    dt { color: var(--soft); font-size: 9.3pt; } dd { margin: 0; grid-column: 2; overflow-wrap: anywhere; }
    li dl { margin: 1mm 0 2mm; } li dl > div { border-bottom-style: dotted; }
    ol { margin: 1mm 0; padding-left: 8mm; } li { margin: 1.5mm 0; padding-left: 1mm; break-inside: avoid; }
    li::marker { color: var(--gold); font-weight: 600; }
    li.marked { padding: 1mm 2mm; border-left: 2pt solid var(--bad); background: #fbf1f1; } .mark-text { color: var(--bad); }
    table { width: 100%; margin: 2mm 0 3mm; border-collapse: collapse; font-size: 9.3pt; }
    th { padding: 1mm 3mm 1mm 0; border-bottom: .8pt solid var(--line); color: var(--soft); font-weight: 600; \
    text-align: left; } thead { display: table-header-group; }
    td code { font-size: 6.9pt; } .digest { white-space: nowrap; }
    td { padding: 1mm 3mm 1mm 0; border-bottom: .4pt solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
    tr { break-inside: avoid; }
    .votes { margin: 4mm 0 1mm; padding: 3mm 4mm; border: .6pt solid var(--line); background: #f8f9fb; \
    break-inside: avoid; } .votes p { margin: 2mm 0 0; }
    .marks { display: flex; flex-wrap: wrap; gap: 1.2mm; }
    .mark { flex: 1 1 5mm; height: 3.2mm; border: .7pt solid var(--deep); }
    .mark.signed { background: var(--deep); }
    @media print { html { background: none; } main { margin: 0; padding: 0 .6mm; max-width: none; overflow: visible; box-shadow: none; } \
    * { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
    """
}
