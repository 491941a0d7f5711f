import Foundation

/// A document in Markdown, with the parts that the checks need.
struct Document: Sendable {
  /// A part of the document and the number of its line.
  struct Piece: Sendable {
    var line: Int
    var text: String
  }

  let path: String
  /// The text between backticks.
  private(set) var spans: [Piece] = []
  /// Lines of code blocks, fenced or indented.
  private(set) var code: [Piece] = []
  /// The targets of links.
  private(set) var links: [Piece] = []
  /// All lines that are not code.
  private(set) var prose: [Piece] = []

  init(path: String, text: String) {
    self.path = path
    var isFenced = false
    var isIndented = false
    var isAfterBlank = true
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      let piece = Piece(line: index + 1, text: String(line))
      let isBlank = line.allSatisfy { $0 == " " }
      if line.hasPrefix("```") {
        isFenced.toggle()
      } else if isFenced {
        code.append(piece)
      } else if line.hasPrefix("    "), isAfterBlank || isIndented, !isBlank {
        isIndented = true
        code.append(piece)
      } else {
        if !isBlank { isIndented = false }
        prose.append(piece)
      }
      isAfterBlank = isBlank
    }
    readSpans()
    readLinks()
  }

  /// A span may continue on the next line of its paragraph; each row of a table is a paragraph of its own.
  private mutating func readSpans() {
    var open: Piece?
    for piece in prose {
      if piece.text.isEmpty || piece.text.hasPrefix("|") || piece.text.hasPrefix("- ") { open = nil }
      for (index, part) in piece.text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
        if index > 0 {
          if let ended = open { spans.append(ended) }
          open = open == nil ? Piece(line: piece.line, text: "") : nil
        }
        if open != nil { open?.text += part }
      }
      if open != nil { open?.text += " " }
    }
  }

  private mutating func readLinks() {
    for piece in prose {
      for part in piece.text.components(separatedBy: "](").dropFirst() {
        if let end = part.firstIndex(of: ")") { links.append(Piece(line: piece.line, text: String(part[..<end]))) }
      }
    }
  }

  /// The anchors that links may name, as GitHub derives them from headings.
  var anchors: Set<String> {
    Set(
      prose.filter { $0.text.hasPrefix("#") }.map { heading in
        let title = heading.text.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
        return String(title.filter { $0.isLetter || $0.isNumber || $0 == " " || $0 == "-" || $0 == "_" })
          .replacingOccurrences(of: " ", with: "-")
      })
  }

  func place(_ piece: Piece) -> String { "\(path):\(piece.line)" }
}
