import LedgerJSON
import Primitives

/// Writes a certificate page as one HTML file that refers to nothing else. It is also well-formed XML, so that its structure
/// can be checked.
struct CertificateHTML {
  private var output = ""

  static func render(_ page: CertificatePage) -> [UInt8] {
    var html = CertificateHTML()
    html.write(page)
    return Array(html.output.utf8)
  }

  private mutating func write(_ page: CertificatePage) {
    let title = Self.escaped("\(page.title.plain) – \(page.subject.plain)")
    // The policy forbids the browser to load anything or to run a script, whatever the page might contain.
    output += """
      <!DOCTYPE html>
      <html lang="\(page.language.tag)">
      <head>
      <meta charset="utf-8"/>
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'"/>
      <meta name="viewport" content="width=device-width, initial-scale=1"/>
      <title>\(title)</title>
      <style>
      \(CertificateStyle.sheet)
      </style>
      </head>
      <body>
      <main>
      <header>
      <p class="subject">\(Self.markup(page.subject))</p>
      <h1>\(Self.markup(page.title))</h1>
      <p class="status \(page.isApplied ? "applied" : "refused")">\(Self.markup(page.status))</p>
      </header>
      <div class="summary">

      """
    for block in page.summary { write(block) }
    output += "</div>\n"
    for (place, section) in page.sections.enumerated() {
      output += "<section>\n<h2><span class=\"number\">\(place + 1)</span> \(Self.markup(section.heading))</h2>\n"
      for block in section.blocks { write(block) }
      output += "</section>\n"
    }
    output += "</main>\n</body>\n</html>\n"
  }

  private mutating func write(_ block: CertificatePage.Block) {
    switch block {
    case .paragraph(let phrase): output += "<p>\(Self.markup(phrase))</p>\n"
    case .remark(let phrase): output += "<p class=\"remark\">\(Self.markup(phrase))</p>\n"
    case .subheading(let phrase): output += "<h3>\(Self.markup(phrase))</h3>\n"
    case .facts(let facts): write(facts)
    case .table(let head, let rows):
      output += "<table>\n<thead><tr>"
      for cell in head { output += "<th scope=\"col\">\(Self.markup(cell))</th>" }
      output += "</tr></thead>\n<tbody>\n"
      for row in rows {
        output += "<tr>" + row.map { "<td>\(Self.markup($0))</td>" }.joined() + "</tr>\n"
      }
      output += "</tbody>\n</table>\n"
    case .items(let items):
      output += "<ol>\n"
      for item in items { write(item) }
      output += "</ol>\n"
    case .command(let command): output += "<pre>\(Self.escaped(Printable.text(command)))</pre>\n"
    case .votes(let votes, let legend):
      output += "<div class=\"votes\">\n<div class=\"marks\" aria-hidden=\"true\">"
      output += votes.map { "<span class=\"\($0 ? "mark signed" : "mark")\"></span>" }.joined()
      output += "</div>\n<p>\(Self.markup(legend))</p>\n</div>\n"
    }
  }

  private mutating func write(_ item: CertificatePage.Item) {
    output += "<li value=\"\(item.number)\"\(item.mark == nil ? "" : " class=\"marked\"")>"
    output += Self.markup(item.text)
    if let mark = item.mark { output += " <strong class=\"mark-text\">\(Self.markup(mark))</strong>" }
    if !item.facts.isEmpty {
      output += "\n"
      write(item.facts)
    }
    output += "</li>\n"
  }

  private mutating func write(_ facts: [CertificatePage.Fact]) {
    output += "<dl>\n"
    for fact in facts {
      output += "<div><dt>\(Self.markup(fact.label))</dt>"
      output += fact.values.map { "<dd>\(Self.markup($0))</dd>" }.joined() + "</div>\n"
    }
    output += "</dl>\n"
  }

  private static func markup(_ phrase: Phrase) -> String {
    phrase.parts.map { part in
      switch part {
      case .words(let text): escaped(text)
      case .value(let text): "<b>\(escaped(text))</b>"
      // Digests and keys stay in one line, so that a reader can compare them.
      case .code(let text):
        Digest(hex: text) != nil || PublicKey(hex: text) != nil
          ? "<code class=\"digest\">\(escaped(text))</code>" : "<code>\(escaped(text))</code>"
      // Isolated, so that letters written from right to left do not move what stands around them.
      case .quote(let text): "“<bdi>\(escaped(text))</bdi>”"
      }
    }.joined()
  }

  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
