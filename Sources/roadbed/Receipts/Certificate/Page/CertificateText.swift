/// Writes a certificate page as plain text.
struct CertificateText {
  /// Columns of a paragraph. Digests and keys are never broken, so lines with these may be longer.
  private static let width = 92
  private static let indent = 2

  private var lines: [String] = []

  static func render(_ page: CertificatePage) -> [UInt8] {
    var text = CertificateText()
    text.write(page)
    return Array((text.lines.joined(separator: "\n") + "\n").utf8)
  }

  private mutating func write(_ page: CertificatePage) {
    let rule = String(repeating: "=", count: Self.width)
    lines += [rule, page.title.plain, page.subject.plain, rule, "", "*** \(page.status.plain) ***"]
    for block in page.summary { write(block) }
    for (place, section) in page.sections.enumerated() {
      let heading = "\(place + 1). \(section.heading.plain)"
      lines += ["", "", heading, String(repeating: "-", count: heading.columns)]
      for block in section.blocks { write(block) }
    }
  }

  private mutating func write(_ block: CertificatePage.Block) {
    lines.append("")
    switch block {
    case .paragraph(let phrase), .remark(let phrase): wrap(phrase)
    case .subheading(let phrase): lines.append("- \(phrase.plain) -")
    case .facts(let facts): write(facts, indent: Self.indent)
    case .table(let head, let rows):
      var table = Table(header: head.map(\.plain))
      for row in rows { table.add(row: row.map(\.plain)) }
      lines += table.lines(indent: Self.indent)
    case .items(let items):
      for item in items { write(item) }
    case .command(let command): lines.append(String(repeating: " ", count: 2 * Self.indent) + command)
    case .votes(let votes, let legend):
      let marks = votes.map { $0 ? "■" : "□" }.joined(separator: " ")
      lines.append(String(repeating: " ", count: Self.indent) + marks)
      wrap(legend)
    }
  }

  private mutating func write(_ item: CertificatePage.Item) {
    let number = "\(item.number). ".padded(to: 2 * Self.indent)
    let mark = item.mark.map { " *** \($0.plain) ***" } ?? ""
    wrap(item.text.plain + mark, first: number, indent: number.count)
    write(item.facts, indent: number.count)
  }

  private mutating func write(_ facts: [CertificatePage.Fact], indent: Int) {
    var sheet = Sheet()
    for fact in facts {
      for (place, value) in fact.values.enumerated() { sheet.add(place == 0 ? fact.label.plain : "", value.plain) }
    }
    lines += sheet.lines(indent: indent)
  }

  // MARK: Lines of a paragraph

  private mutating func wrap(_ phrase: Phrase) { wrap(phrase.plain, first: "", indent: 0) }

  /// Adds lines of at most `width` columns, if possible; the first begins with `first`, the others with `indent` spaces.
  private mutating func wrap(_ text: String, first: String, indent: Int) {
    var line = first
    for piece in Self.pieces(of: text) {
      let length = piece.last == " " ? piece.columns - 1 : piece.columns
      if line.columns + length > Self.width, line.contains(where: { $0 != " " }) {
        append(line)
        line = String(repeating: " ", count: indent)
      }
      line += piece
    }
    append(line)
  }

  private mutating func append(_ line: String) {
    var line = line
    while line.last == " " { line.removeLast() }
    lines.append(line)
  }

  /// Punctuation that begins no line, and punctuation that ends none.
  private static let closing: Set<Character> = ["，", "。", "、", "；", "：", "）", "”"]
  private static let opening: Set<Character> = ["（", "“"]

  /// The text in pieces between which a line may end: after a space, and around wide characters.
  private static func pieces(of text: String) -> [String] {
    var pieces: [String] = []
    var last: Character = " "
    for character in text {
      let canBreak =
        last == " "
        || ((character.isWide || last.isWide) && character != " ")
          && !closing.contains(character) && !opening.contains(last)
      if canBreak || pieces.isEmpty {
        pieces.append(String(character))
      } else {
        pieces[pieces.count - 1].append(character)
      }
      last = character
    }
    return pieces
  }
}

extension Phrase {
  /// The phrase without any form but that of its letters, with quotation marks around what others wrote.
  var plain: String {
    parts.map { part in
      switch part {
      case .words(let text), .value(let text), .code(let text): text
      case .quote(let text): "“\(text)”"
      }
    }.joined()
  }
}
